#include "media/codec.hpp"

#include <algorithm>

#include "media/bytes.hpp"
#include "media/codec_makers.hpp"
#include "media/concealment.hpp"
#include "media/g711.hpp"

namespace patchbay::media {

namespace {

class G711Decoder final : public Decoder {
  public:
    explicit G711Decoder(Codec codec) : Decoder(narrow_rate), codec_(codec) {}
    std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) override {
        const std::size_t count = media::decode(codec_, payload, out);
        concealment_.heard(out.first(count));
        return count;
    }
    void conceal(std::span<std::int16_t> out) override { concealment_.fill(out); }

  private:
    Codec codec_;
    Concealment concealment_;
};

class G711Encoder final : public Encoder {
  public:
    explicit G711Encoder(Codec codec) : Encoder(narrow_rate), codec_(codec) {}
    std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) override {
        return media::encode(codec_, samples, out);
    }

  private:
    Codec codec_;
};

/// Plain samples in network byte order (RFC 3551, section 4.5.11).
class L16Decoder final : public Decoder {
  public:
    explicit L16Decoder(int rate) : Decoder(rate) {}
    std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> out) override {
        const std::size_t count = std::min(payload.size() / 2, out.size());
        for (std::size_t i = 0; i < count; ++i)
            out[i] = static_cast<std::int16_t>(read16(payload.data() + 2 * i));
        concealment_.heard(out.first(count));
        return count;
    }
    void conceal(std::span<std::int16_t> out) override { concealment_.fill(out); }

  private:
    Concealment concealment_;
};

class L16Encoder final : public Encoder {
  public:
    explicit L16Encoder(int rate) : Encoder(rate) {}
    std::size_t encode(std::span<const std::int16_t> samples, std::span<std::uint8_t> out) override {
        const std::size_t count = std::min(samples.size(), out.size() / 2);
        for (std::size_t i = 0; i < count; ++i)
            write16(out.data() + 2 * i, static_cast<std::uint16_t>(samples[i]));
        return 2 * count;
    }
};

}  // namespace

std::unique_ptr<Decoder> make_decoder(const Format& format, int rate) {
    switch (format.codec) {
        case Codec::g722:
            return make_g722_decoder();
        case Codec::opus:
            return make_opus_decoder(rate);
        case Codec::l16:
            return std::make_unique<L16Decoder>(format.clock_rate);
        default:
            return std::make_unique<G711Decoder>(format.codec);
    }
}

std::unique_ptr<Encoder> make_encoder(const Format& format, int rate) {
    switch (format.codec) {
        case Codec::g722:
            return make_g722_encoder();
        case Codec::opus:
            return make_opus_encoder(format.opus, rate);
        case Codec::l16:
            return std::make_unique<L16Encoder>(format.clock_rate);
        default:
            return std::make_unique<G711Encoder>(format.codec);
    }
}

}  // namespace patchbay::media
