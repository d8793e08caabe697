// room: media
// Whatever bytes reach a media port: no parser reads outside of them, and what is read is within its bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/rtcp.hpp"
#include "media/rtp.hpp"
#include "media/telephone_event.hpp"

using namespace patchbay::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> bytes(data, size);
    if (const auto packet = parse_rtp(bytes)) {
        const bool inside = packet->payload.data() >= data + rtp_header_size &&
                            packet->payload.data() + packet->payload.size() <= data + size;
        if (!inside || packet->header.payload_type > 127) std::abort();
        if (const auto event = parse_telephone_event(packet->payload)) {
            const auto again = parse_telephone_event(build_telephone_event(*event));
            if (!again || again->duration != event->duration || again->end != event->end) std::abort();
            digit_of(event->event);
        }
    }
    if (const auto report = parse_rtcp(bytes)) {
        RtcpReport ours = *report;
        if (ours.blocks.size() > 31) ours.blocks.resize(31);
        const auto again = parse_rtcp(build_rtcp(ours, "fuzz"));
        if (!again || again->blocks.size() != ours.blocks.size() || again->bye != ours.bye) std::abort();
    }
    return 0;
}
