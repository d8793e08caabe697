// room: media
// Whatever bytes reach a media port: no payload lies outside of them, and an event reads back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

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
    return 0;
}
