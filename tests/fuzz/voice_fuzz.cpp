// room: media
// Packets of any content, order and timestamp, for each codec: what a leg says is always whole frames, and
// the delay stays bounded.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/voice.hpp"

using namespace patchbay::media;
using namespace std::chrono_literals;

// The first byte chooses the codec. Then pieces: a byte of what happens, two of the timestamp, one of length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    Format format;
    format.codec = static_cast<Codec>(data[0] % codec_count);
    format.clock_rate = clock_rate(format.codec);
    Voice voice(format, narrow_rate);
    std::span<const std::uint8_t> rest(data + 1, size - 1);
    Moment now{1000s};
    std::uint64_t tick = 1;
    while (rest.size() >= 4) {
        const std::uint8_t what = rest[0];
        const auto timestamp = static_cast<std::uint32_t>(rest[1] << 8 | rest[2]) * 40 * (what & 8 ? 977 : 1);
        const std::size_t length = std::min<std::size_t>(rest[3], rest.size() - 4);
        voice.write({timestamp, static_cast<std::uint32_t>(what & 1), (what & 2) != 0},
                    rest.subspan(4, length), tick, now);
        rest = rest.subspan(4 + length);
        if ((what & 4) == 0) continue;
        now += 20ms;
        const int rate = what & 16 ? wide_rate : narrow_rate;
        const auto frame = voice.frame(++tick, rate, now);
        if (!frame.empty() && frame.size() != samples_of_frame(rate)) std::abort();
        if (voice.delay_ms() > 5000) std::abort();
    }
    return 0;
}
