// A stream's encoder or decoder: an object each, made once its audio has to be decoded at all. A relayed leg
// has none. Used by one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "media/format.hpp"

namespace patchbay::media {

/// Sample rates of decoded audio: every codec is decoded to one of them.
constexpr int narrow_rate = 8000, wide_rate = 16000, full_rate = 48000;
/// Samples of 20 ms.
constexpr std::size_t samples_of_frame(int rate) {
    return static_cast<std::size_t>(rate / 50);
}
/// Most samples that one packet holds: 120 ms of Opus at 48 kHz.
constexpr std::size_t largest_packet_samples = 5760;
/// Most bytes of one packet's payload that we write.
constexpr std::size_t largest_payload = 1400;

/// No report has told yet how many packets are lost.
constexpr int unknown_loss = -1;

class Decoder {
  public:
    virtual ~Decoder() = default;
    /// Samples a second of what it makes.
    int rate() const { return rate_; }
    /// Decodes one packet's payload. Returns how many samples were written to `out`; 0 when it is broken.
    virtual std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) = 0;
    /// Fills `out` with what might have been said: the last sound, fading away within 50 ms or so.
    virtual void conceal(std::span<std::int16_t> out) = 0;
    /// Fills `out` with the packet before `next` when that one carries it along (forward error correction).
    virtual bool recover(std::span<const std::uint8_t> /*next*/, std::span<std::int16_t> /*out*/) {
        return false;
    }

  protected:
    explicit Decoder(int rate) : rate_(rate) {}

  private:
    int rate_;
};

class Encoder {
  public:
    virtual ~Encoder() = default;
    /// Samples a second of what it takes.
    int rate() const { return rate_; }
    /// Encodes one packet of 20, 40 or 60 ms. Returns how many bytes were written to `out`, which has room
    /// for largest_payload; 0 when nothing need be sent for this one.
    virtual std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) = 0;
    /// So many of a hundred packets are lost on the way, or unknown_loss: it may protect them.
    virtual void expect_loss(int /*percent*/) {}

  protected:
    explicit Encoder(int rate) : rate_(rate) {}

  private:
    int rate_;
};

/// Decodes what a peer of that format sends. `rate`: for Opus, which can be decoded to any of the three;
/// other codecs have their own. Throws std::bad_alloc when memory is short.
std::unique_ptr<Decoder> make_decoder(const Format& format, int rate = full_rate);
/// Encodes what a peer of that format is to hear. `rate`: for Opus.
std::unique_ptr<Encoder> make_encoder(const Format& format, int rate = full_rate);

}  // namespace patchbay::media
