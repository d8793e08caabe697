#include "journal/segment.hpp"

#include <exception>

#include <boost/json.hpp>
#include <fmt/core.h>

#include "base/text.hpp"
#include "journal/json_out.hpp"
#include "journal/record.hpp"

namespace patchbay::journal {
namespace {

constexpr std::string_view suffix = ".journal";
constexpr std::size_t name_digits = 20;
constexpr int format_version = 1;

// Writes each item of a list as an array by itself.
template <typename List, typename Put>
void put_list(std::string& out, const List& list, Put put) {
    out.push_back('[');
    bool first = true;
    for (const auto& item : list) {
        if (!first) out.push_back(',');
        first = false;
        put(item);
    }
    out.push_back(']');
}

OpenCalls read_header(const boost::json::object& header) {
    OpenCalls open;
    const auto offset = [](const boost::json::value& value) { return value.to_number<std::uint64_t>(); };
    const auto time = [](const boost::json::value& value) {
        return Time{Milliseconds{value.to_number<std::int64_t>()}};
    };
    for (const auto& item : header.at("calls").as_array()) {
        const auto& call = item.as_array();
        const auto ref = CallRef::parse(call.at(0).as_string());
        open.add(ref.value_or(CallRef{}), {call.at(1).to_number<std::uint32_t>(), offset(call.at(2))});
    }
    for (const auto& item : header.at("legs").as_array()) {
        const auto& leg = item.as_array();
        const auto id = LegId::parse(leg.at(0).as_string());
        const auto ref = CallRef::parse(leg.at(1).as_string());
        open.add(id.value_or(LegId{}), {ref.value_or(CallRef{}), offset(leg.at(2)), time(leg.at(3))});
    }
    open.set_newest(offset(header.at("newest")), time(header.at("at")));
    return open;
}

}  // namespace

std::string segment_name(std::uint64_t first) {
    return fmt::format("{:020}{}", first, suffix);
}

std::optional<std::uint64_t> segment_first(std::string_view name) {
    if (name.size() != name_digits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
    const auto first = to_number(name.substr(0, name_digits));
    if (!first || *first < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*first);
}

void encode_header(const OpenCalls& before, std::string& out) {
    const auto begun = begin_record(out);
    JsonOut json(out);
    json.number("segment", format_version);
    json.number("newest", before.newest());
    json.number("at", before.newest_at().time_since_epoch().count());
    json.begin("calls");
    put_list(out, before.calls(), [&](const auto& item) {
        out +=
            fmt::format(R"(["{}",{},{}])", item.first.text(), item.second.sequence, item.second.first_offset);
    });
    json.begin("legs");
    put_list(out, before.legs(), [&](const auto& item) {
        const auto& [id, leg] = item;
        out += fmt::format(R"(["{}","{}",{},{}])", id.text(), leg.call.text(), leg.first_offset,
                           leg.started.time_since_epoch().count());
    });
    json.end();
    seal_record(out, begun);
}

Result<OpenCalls> decode_header(std::string_view json) {
    boost::system::error_code error;
    const auto value = boost::json::parse(json, error);
    if (error || !value.is_object() || !value.get_object().contains("segment"))
        return Error{"bad_record", "is no segment header"};
    try {
        const auto& header = value.get_object();
        if (header.at("segment") != format_version) return Error{"bad_record", "is of an unknown version"};
        return read_header(header);
    } catch (const std::exception& fault) {
        return Error{"bad_record", fault.what()};
    }
}

}  // namespace patchbay::journal
