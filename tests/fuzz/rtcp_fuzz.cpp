// room: media
// Whatever bytes reach a port of RTCP: a report that is read can be written and reads back the same, and a
// round trip is none or within a minute.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/rtcp.hpp"

using namespace patchbay::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = parse_rtcp({data, size});
    if (!read) return 0;
    RtcpReport report = *read;
    if (report.blocks.size() > 31) report.blocks.resize(31);
    const auto bytes = build_rtcp(report, "fuzz");
    const auto again = parse_rtcp(bytes);
    if (!again || build_rtcp(*again, "fuzz") != bytes) std::abort();
    for (const auto& block : report.blocks) {
        const auto trip = round_trip(block, ntp_time(1'000'000));
        if (trip && (*trip == 0 || *trip > 60U << 16)) std::abort();
    }
    return 0;
}
