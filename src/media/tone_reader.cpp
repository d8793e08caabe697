#include "media/tone_reader.hpp"

#include <array>
#include <new>
#include <optional>
#include <vector>

#include <spandsp.h>

#include "media/codec.hpp"
#include "media/g711.hpp"
#include "media/resampler.hpp"

namespace patchbay::media {

namespace {

constexpr int maybe = 'x';  ///< spandsp's status for half of a digit

struct FreeReceiver {
    void operator()(dtmf_rx_state_t* receiver) const { dtmf_rx_free(receiver); }
};

/// What another codec than G.711 needs to be heard at 8 kHz.
struct Conversion {
    explicit Conversion(const Format& agreed) : format(agreed), decoder(make_decoder(agreed, narrow_rate)) {
        if (decoder->rate() != narrow_rate) down.emplace(decoder->rate(), narrow_rate);
    }
    Format format;
    std::unique_ptr<Decoder> decoder;
    std::optional<Resampler> down;
};

}  // namespace

struct ToneReader::State {
    std::span<const std::int16_t> decoded(const Format& format, std::span<const std::uint8_t> payload);

    std::unique_ptr<dtmf_rx_state_t, FreeReceiver> receiver{dtmf_rx_init(nullptr, nullptr, nullptr)};
    std::unique_ptr<Conversion> conversion;
    std::vector<std::int16_t> samples, narrow;
};

std::span<const std::int16_t> ToneReader::State::decoded(const Format& format,
                                                         std::span<const std::uint8_t> payload) {
    samples.resize(largest_packet_samples);
    if (is_g711(format.codec)) return std::span(samples).first(media::decode(format.codec, payload, samples));
    if (!conversion || conversion->format != format) conversion = std::make_unique<Conversion>(format);
    const auto whole = std::span(samples).first(conversion->decoder->decode(payload, samples));
    if (!conversion->down) return whole;
    narrow.resize(whole.size() * narrow_rate / static_cast<std::size_t>(conversion->decoder->rate()));
    conversion->down->process(whole, narrow);
    return narrow;
}

ToneReader::ToneReader() : state_(std::make_unique<State>()) {
    if (!state_->receiver) throw std::bad_alloc();
}

ToneReader::~ToneReader() = default;

const std::string& ToneReader::take(const Format& format, std::span<const std::uint8_t> payload) {
    const auto samples = state_->decoded(format, payload);
    dtmf_rx(state_->receiver.get(), samples.data(), static_cast<int>(samples.size()));
    std::array<char, 16> found{};
    digits_.assign(found.data(), dtmf_rx_get(state_->receiver.get(), found.data(), found.size() - 1));
    return digits_;
}

bool ToneReader::sounding() const {
    const int status = dtmf_rx_status(state_->receiver.get());
    return status != 0 && status != maybe;
}

}  // namespace patchbay::media
