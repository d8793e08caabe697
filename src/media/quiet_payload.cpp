#include "media/quiet_payload.hpp"

#include <algorithm>
#include <array>

#include <opus/opus.h>

#include "media/g711.hpp"

namespace patchbay::media {

namespace {

/// The least step of both bands: a decoder that was loud a moment ago falls below -50 dB within two packets.
constexpr std::uint8_t g722_silence = 0xFF;

/// A frame of silence in Opus' CELT mode, and what says that such frames follow (RFC 6716, section 3).
constexpr std::array<std::uint8_t, 2> opus_frame{0xFF, 0xFE};
constexpr std::uint8_t opus_20_ms = 31 << 3, opus_10_ms = 30 << 3;
constexpr std::uint8_t opus_counted = 3;  ///< a byte with the number of frames comes next; all of one size
constexpr int opus_clock = 48000, opus_tick = opus_clock / 50;

std::span<const std::uint8_t> quiet_opus(std::span<const std::uint8_t> payload, std::span<std::uint8_t> out) {
    const int samples =
        opus_packet_get_nb_samples(payload.data(), static_cast<opus_int32>(payload.size()), opus_clock);
    const bool shorter = samples == opus_tick / 2;
    const int frames = shorter ? 1 : samples / opus_tick;
    if (samples <= 0 || (!shorter && samples % opus_tick != 0)) return payload;
    const std::size_t size = (frames > 1 ? 2 : 1) + static_cast<std::size_t>(frames) * opus_frame.size();
    if (size > std::min(out.size(), payload.size())) return payload;
    std::size_t at = 0;
    out[at++] =
        static_cast<std::uint8_t>((shorter ? opus_10_ms : opus_20_ms) | (frames > 1 ? opus_counted : 0));
    if (frames > 1) out[at++] = static_cast<std::uint8_t>(frames);
    for (; at < size; at += opus_frame.size())
        std::ranges::copy(opus_frame, out.begin() + static_cast<long>(at));
    return out.first(size);
}

}  // namespace

std::span<const std::uint8_t> quiet_payload(Codec codec, std::span<const std::uint8_t> payload,
                                            std::span<std::uint8_t> out) {
    if (codec == Codec::opus) return quiet_opus(payload, out);
    const std::uint8_t quiet = is_g711(codec)         ? silence(codec)
                               : codec == Codec::g722 ? g722_silence
                                                      : std::uint8_t{0};
    const auto all = out.first(payload.size());
    std::ranges::fill(all, quiet);
    return all;
}

}  // namespace patchbay::media
