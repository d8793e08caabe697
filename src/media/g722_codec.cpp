// G.722 at 64 kbit/s: 16,000 samples a second, a byte for two of them (ITU-T G.722; spandsp's).
#include <algorithm>
#include <new>

#include <spandsp.h>

#include "media/codec_makers.hpp"
#include "media/concealment.hpp"

namespace patchbay::media {

namespace {

constexpr int bit_rate = 64000;

struct FreeDecoder {
    void operator()(g722_decode_state_t* state) const { g722_decode_free(state); }
};
struct FreeEncoder {
    void operator()(g722_encode_state_t* state) const { g722_encode_free(state); }
};

class G722Decoder final : public Decoder {
  public:
    G722Decoder() : Decoder(wide_rate), state_(g722_decode_init(nullptr, bit_rate, 0)) {
        if (!state_) throw std::bad_alloc();
    }
    std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) override {
        payload = payload.first(std::min(payload.size(), out.size() / 2));
        const auto count = static_cast<std::size_t>(
            g722_decode(state_.get(), out.data(), payload.data(), static_cast<int>(payload.size())));
        concealment_.heard(out.first(count));
        return count;
    }
    void conceal(std::span<std::int16_t> out) override { concealment_.fill(out); }

  private:
    std::unique_ptr<g722_decode_state_t, FreeDecoder> state_;
    Concealment concealment_;
};

class G722Encoder final : public Encoder {
  public:
    G722Encoder() : Encoder(wide_rate), state_(g722_encode_init(nullptr, bit_rate, 0)) {
        if (!state_) throw std::bad_alloc();
    }
    std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) override {
        samples = samples.first(std::min(samples.size(), out.size() * 2));
        return static_cast<std::size_t>(
            g722_encode(state_.get(), out.data(), samples.data(), static_cast<int>(samples.size())));
    }

  private:
    std::unique_ptr<g722_encode_state_t, FreeEncoder> state_;
};

}  // namespace

std::unique_ptr<Decoder> make_g722_decoder() {
    return std::make_unique<G722Decoder>();
}

std::unique_ptr<Encoder> make_g722_encoder() {
    return std::make_unique<G722Encoder>();
}

}  // namespace patchbay::media
