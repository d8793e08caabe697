#include "journal/opening.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "journal/codec.hpp"
#include "journal/record_reader.hpp"

namespace patchbay::journal {
namespace {

constexpr std::uint64_t run_step = 1'000'000;

Result<std::vector<Segment>> list_segments(Files& files, const std::string& folder) {
    const auto names = files.list(folder);
    if (!names) return names.error();
    std::vector<Segment> segments;
    for (const auto& name : *names)
        if (const auto first = segment_first(name)) segments.push_back({*first, folder + "/" + name, {}});
    std::ranges::sort(segments, {}, &Segment::first);
    return segments;
}

// The header of a segment; an error when it never came to the disk.
Result<OpenCalls> read_header(Files& files, const Segment& segment) {
    auto file = files.open(segment.path, false);
    if (!file) return file.error();
    RecordReader reader(std::move(*file));
    const auto record = reader.next();
    if (!record) return record.error();
    if (record->state != RecordState::whole) return Error{"bad_record", "has no header"};
    return decode_header(record->json);
}

// Applies the segment's events; the position where whole records end.
Result<std::uint64_t> apply_events(const std::shared_ptr<File>& file, const Segment& segment,
                                   OpenCalls& open) {
    RecordReader reader(file);
    std::uint64_t good = 0;
    while (true) {
        const auto record = reader.next();
        if (!record) return record.error();
        if (record->state != RecordState::whole) return good;
        good = reader.position();
        if (peek_offset(record->json) == 0) continue;  // the header
        if (const auto event = decode(record->json)) {
            open.apply(*event);
        } else {
            log::error("journal", "{}: the record before byte {} {}", segment.path, good, event.error().text);
        }
    }
}

Result<Done> read_segment(Files& files, const Segment& segment, bool is_newest, OpenCalls& open) {
    const auto file = files.open(segment.path, false);
    if (!file) return file.error();
    const auto good = apply_events(*file, segment, open);
    if (!good) return good.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    if (*size != *good) {
        log::warning("journal", "{}: the last {} of {} bytes are no whole records{}", segment.path,
                     *size - *good, *size, is_newest ? "; cut off" : "");
    }
    // Behind a crash there may also be room that was set aside.
    return is_newest ? (*file)->truncate(*good) : Done{};
}

// Headers give each segment's beginning; the newest good one gives the state to go on from.
Result<Done> read_state(Files& files, Opened& found) {
    auto& segments = found.segments;
    std::size_t from = 0;
    for (std::size_t at = 0; at < segments.size(); ++at) {
        auto header = read_header(files, segments[at]);
        if (!header && header.error().code != "bad_record") return header.error();
        if (!header) {
            log::warning("journal", "{} {}", segments[at].path, header.error().text);
            segments[at].began = at > 0 ? segments[at - 1].began : Time{};
            continue;
        }
        segments[at].began = header->newest_at();
        found.open = std::move(*header);
        from = at;
    }
    for (std::size_t at = from; at < segments.size(); ++at) {
        auto read = read_segment(files, segments[at], at + 1 == segments.size(), found.open);
        if (!read) return read;
    }
    return Done{};
}

}  // namespace

Result<Opened> open_folder(Files& files, const std::string& folder) {
    Opened found;
    auto segments = list_segments(files, folder);
    if (!segments) return segments.error();
    found.segments = std::move(*segments);
    if (found.segments.empty()) return found;
    if (auto read = read_state(files, found); !read) return read.error();
    const auto newest = std::max(found.open.newest(), found.segments.back().first);
    found.next_offset = (newest / run_step + 2) * run_step;
    return found;
}

}  // namespace patchbay::journal
