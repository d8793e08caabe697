#include "journal/event_reader.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "journal/codec.hpp"

namespace patchbay::journal {
namespace {

// A read hands out at most so many bytes of records: the store thread has other work.
constexpr std::uint64_t most_bytes = 64 * 1024;

void report_damage(std::uint64_t segment, std::uint64_t position, std::string_view why) {
    static auto& damaged = metrics::counter("patchbay_journal_damaged_records_total",
                                            "Records of the journal that could not be read back");
    damaged.add();
    log::error("journal", "segment {} has a damaged record before byte {} ({}); it is left out", segment,
               position, why);
}

}  // namespace

EventReader::Progress EventReader::read(std::vector<call::Event>& out) {
    out.clear();
    if (!reader_ && !open_next()) return segments_.empty() ? Progress::end : Progress::failed;
    const auto begin = reader_->position();
    while (reader_->position() - begin < most_bytes) {
        const auto record = reader_->next();
        if (!record) {
            log::error("journal", "cannot read segment {}: {}", first_, record.error().text);
            return Progress::failed;
        }
        if (record->state == RecordState::partial) {
            if (next_segment() == nullptr) return Progress::end;
            reader_.reset();
            return Progress::more;
        }
        take(*record, out);
    }
    return Progress::more;
}

// The segment to read after the open one; at first, the one that holds the wanted offset.
const Segment* EventReader::next_segment() const {
    const auto above = [](std::uint64_t offset, const Segment& segment) { return offset < segment.first; };
    const auto wanted = first_ == 0 ? after_ + 1 : first_;
    const auto at = std::upper_bound(segments_.begin(), segments_.end(), wanted, above);
    if (first_ == 0 && at != segments_.begin()) return &*std::prev(at);
    return at == segments_.end() ? nullptr : &*at;
}

bool EventReader::open_next() {
    const auto* segment = next_segment();
    if (segment == nullptr) return false;
    auto file = files_.open(segment->path, false);
    if (!file) {
        log::error("journal", "cannot read back: {}", file.error().text);
        return false;
    }
    first_ = segment->first;
    reader_.emplace(std::move(*file));
    return true;
}

void EventReader::take(const RecordView& record, std::vector<call::Event>& out) {
    if (record.state == RecordState::damaged) {
        report_damage(first_, reader_->position(), "its checksum is wrong");
        return;
    }
    const auto offset = peek_offset(record.json);
    if (offset <= after_) return;  // the header, too: it has none
    auto event = decode(record.json);
    after_ = offset;
    if (event) {
        out.push_back(std::move(*event));
    } else {
        report_damage(first_, reader_->position(), event.error().text);
    }
}

}  // namespace patchbay::journal
