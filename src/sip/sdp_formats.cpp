#include "sip/sdp_formats.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace patchbay::sip::sdp {
namespace {

struct StaticPayload {
    std::uint8_t type;
    std::string_view encoding;
    int clock_rate;
    int channels;
};

/// RFC 3551, tables 4 and 5: what phones may name without a=rtpmap.
constexpr std::array static_payloads{
    StaticPayload{0, "PCMU", 8000, 1},   StaticPayload{3, "GSM", 8000, 1},
    StaticPayload{4, "G723", 8000, 1},   StaticPayload{5, "DVI4", 8000, 1},
    StaticPayload{6, "DVI4", 16000, 1},  StaticPayload{7, "LPC", 8000, 1},
    StaticPayload{8, "PCMA", 8000, 1},   StaticPayload{9, "G722", 8000, 1},
    StaticPayload{10, "L16", 44100, 2},  StaticPayload{11, "L16", 44100, 1},
    StaticPayload{12, "QCELP", 8000, 1}, StaticPayload{13, "CN", 8000, 1},
    StaticPayload{14, "MPA", 90000, 1},  StaticPayload{15, "G728", 8000, 1},
    StaticPayload{18, "G729", 8000, 1},  StaticPayload{31, "H261", 90000, 1},
    StaticPayload{34, "H263", 90000, 1},
};

/// Null when the line has no such payload type.
Format* find_format(Media& media, std::string_view payload_type) {
    const auto type = number_in(payload_type, 0, 127);
    if (!type) return nullptr;
    const auto found = std::ranges::find(media.formats, *type, &Format::payload_type);
    return found == media.formats.end() ? nullptr : &*found;
}

}  // namespace

Expected read_formats(Media& media) {
    std::string_view rest = media.format_text;
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
        if (media.formats.size() == Limits::formats) return "fewer formats";
        const auto type = number_in(word, 0, 127);
        if (!type) return "payload types of 0 to 127";
        Format format;
        format.payload_type = static_cast<std::uint8_t>(*type);
        const auto* known = std::ranges::find(static_payloads, format.payload_type, &StaticPayload::type);
        if (known != static_payloads.end()) {
            format.encoding = known->encoding;
            format.clock_rate = known->clock_rate;
            format.channels = known->channels;
        }
        media.formats.push_back(std::move(format));
    }
    return {};
}

Expected read_rtpmap(Media& media, std::string_view value) {
    constexpr std::string_view expected = "a=rtpmap:type encoding/rate";
    const std::string_view type = next_word(value);
    if (!number_in(type, 0, 127)) return expected;
    const auto parts = split(trim(value), '/');
    if (parts.size() < 2 || parts[0].empty()) return expected;
    const auto rate = number_in(parts[1], 1, 1'000'000);
    const auto channels = parts.size() > 2 ? number_in(parts[2], 1, 32) : 1;
    if (!rate || !channels) return expected;
    if (Format* mapped = find_format(media, type)) {
        mapped->encoding = parts[0];
        mapped->clock_rate = *rate;
        mapped->channels = *channels;
    }
    return {};
}

void read_fmtp(Media& media, std::string_view value) {
    const std::string_view type = next_word(value);
    if (Format* explained = find_format(media, type)) explained->parameters = trim(value);
}

void read_t38(Media& media, std::string_view name, std::string_view value) {
    constexpr int smallest_datagram = 40, largest_datagram = 1400;
    media::T38Terms& terms = media.t38;
    if (iequals(name, "T38FaxVersion")) terms.version = number_in(value, 0, 3).value_or(0);
    if (iequals(name, "T38FaxMaxDatagram"))
        terms.max_datagram = std::clamp(number_in(value, 0, 65535).value_or(terms.max_datagram),
                                        smallest_datagram, largest_datagram);
    if (iequals(name, "T38FaxUdpEC")) terms.redundancy = iequals(value, "t38UDPRedundancy");
}

}  // namespace patchbay::sip::sdp
