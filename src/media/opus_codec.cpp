// Opus (RFC 6716) in RTP (RFC 7587), by libopus: any bandwidth, forward error correction, silence left out.
#include <algorithm>
#include <array>
#include <new>

#include <opus/opus.h>

#include "media/codec_makers.hpp"

namespace patchbay::media {

namespace {

struct FreeDecoder {
    void operator()(OpusDecoder* state) const { opus_decoder_destroy(state); }
};
struct FreeEncoder {
    void operator()(OpusEncoder* state) const { opus_encoder_destroy(state); }
};

/// Of libopus's 0 to 10: speech gains nothing one can hear above it, and costs twice as much.
constexpr int complexity = 5;
constexpr int usual_loss = 5, most_loss = 30;  ///< per cent; the usual until the peer reports its own
constexpr std::size_t silent_bytes = 2;        ///< a packet this small says: nothing but background

int bandwidth(int playback_rate) {
    if (playback_rate < 12000) return OPUS_BANDWIDTH_NARROWBAND;
    if (playback_rate < 16000) return OPUS_BANDWIDTH_MEDIUMBAND;
    if (playback_rate < 24000) return OPUS_BANDWIDTH_WIDEBAND;
    return playback_rate < 48000 ? OPUS_BANDWIDTH_SUPERWIDEBAND : OPUS_BANDWIDTH_FULLBAND;
}

/// The packet carries the one before it: its first frame is of SILK, with the flag of redundancy set
/// (RFC 6716, sections 3.1, 4.2.3 and 4.2.4).
bool has_correction(std::span<const std::uint8_t> packet) {
    constexpr std::uint8_t celt = 0x80;  // in the first byte: no SILK in it
    constexpr int samples_of_20_ms = 960;
    std::array<const unsigned char*, 48> frames{};
    std::array<opus_int16, 48> sizes{};
    if (packet.empty() || (packet[0] & celt) != 0) return false;
    const auto count = opus_packet_parse(packet.data(), static_cast<opus_int32>(packet.size()), nullptr,
                                         frames.data(), sizes.data(), nullptr);
    if (count <= 0 || sizes[0] <= 0) return false;
    const int parts = std::max(opus_packet_get_samples_per_frame(packet.data(), 48000) / samples_of_20_ms, 1);
    const bool middle = (frames[0][0] >> (7 - parts) & 1) != 0;
    const bool stereo = opus_packet_get_nb_channels(packet.data()) == 2;
    return middle || (stereo && (frames[0][0] >> (6 - 2 * parts) & 1) != 0);
}

/// Bits a second that carry speech of that sample rate well (RFC 7587, section 3.1.1). With less than is said
/// here for correction libopus adds none at a loss of 5 %.
int usual_bitrate(int rate, bool correction) {
    if (rate <= narrow_rate) return correction ? 20000 : 16000;
    if (rate <= wide_rate) return correction ? 28000 : 24000;
    return 40000;
}

class OpusRtpDecoder final : public Decoder {
  public:
    explicit OpusRtpDecoder(int rate) : Decoder(rate) {
        int error = OPUS_OK;
        state_.reset(opus_decoder_create(rate, 1, &error));
        if (error != OPUS_OK) throw std::bad_alloc();
    }
    std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) override {
        return made(payload, out, false);
    }
    void conceal(std::span<std::int16_t> out) override {
        // libopus makes up whole steps of 2.5 ms.
        const std::size_t step = static_cast<std::size_t>(rate()) / 400;
        const std::size_t whole = out.size() / step * step;
        const std::size_t count = made({}, out.first(whole), false);
        std::ranges::fill(out.subspan(count), std::int16_t{0});
    }
    bool recover(std::span<const std::uint8_t> next, std::span<std::int16_t> out) override {
        // libopus would make up what is not there and say nothing.
        return has_correction(next) && made(next, out, true) == out.size();
    }

  private:
    std::size_t made(std::span<const std::uint8_t> payload, std::span<std::int16_t> out, bool before) {
        const int count = opus_decode(state_.get(), payload.empty() ? nullptr : payload.data(),
                                      static_cast<opus_int32>(payload.size()), out.data(),
                                      static_cast<int>(out.size()), before ? 1 : 0);
        return static_cast<std::size_t>(std::max(count, 0));
    }
    std::unique_ptr<OpusDecoder, FreeDecoder> state_;
};

class OpusRtpEncoder final : public Encoder {
  public:
    OpusRtpEncoder(const OpusWish& wish, int rate) : Encoder(rate), fec_(wish.fec) {
        int error = OPUS_OK;
        state_.reset(opus_encoder_create(rate, 1, OPUS_APPLICATION_VOIP, &error));
        if (error != OPUS_OK) throw std::bad_alloc();
        const int usual = usual_bitrate(rate, fec_);
        opus_encoder_ctl(state_.get(),
                         OPUS_SET_BITRATE(wish.bitrate > 0 ? std::min(wish.bitrate, usual) : usual));
        opus_encoder_ctl(state_.get(), OPUS_SET_MAX_BANDWIDTH(bandwidth(wish.playback_rate)));
        opus_encoder_ctl(state_.get(), OPUS_SET_COMPLEXITY(complexity));
        opus_encoder_ctl(state_.get(), OPUS_SET_DTX(wish.dtx ? 1 : 0));
        opus_encoder_ctl(state_.get(), OPUS_SET_INBAND_FEC(fec_ ? 1 : 0));
        expect_loss(unknown_loss);
    }
    std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) override {
        const auto count = opus_encode(state_.get(), samples.data(), static_cast<int>(samples.size()),
                                       out.data(), static_cast<opus_int32>(out.size()));
        return count <= static_cast<opus_int32>(silent_bytes) ? 0 : static_cast<std::size_t>(count);
    }
    void expect_loss(int percent) override {
        // Correction takes a third more time to encode: none where nothing is lost.
        const int loss = percent == 0 ? 0 : std::clamp(percent, usual_loss, most_loss);
        if (fec_) opus_encoder_ctl(state_.get(), OPUS_SET_PACKET_LOSS_PERC(loss));
    }

  private:
    std::unique_ptr<OpusEncoder, FreeEncoder> state_;
    bool fec_;
};

}  // namespace

std::unique_ptr<Decoder> make_opus_decoder(int rate) {
    return std::make_unique<OpusRtpDecoder>(rate);
}

std::unique_ptr<Encoder> make_opus_encoder(const OpusWish& wish, int rate) {
    return std::make_unique<OpusRtpEncoder>(wish, rate);
}

}  // namespace patchbay::media
