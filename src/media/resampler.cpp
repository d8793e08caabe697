#include "media/resampler.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>

#include <speex/speex_resampler.h>

namespace patchbay::media {

namespace {

struct Destroy {
    void operator()(SpeexResamplerState* state) const { speex_resampler_destroy(state); }
};
using Handle = std::unique_ptr<SpeexResamplerState, Destroy>;

Handle made(int from, int to, int quality) {
    int error = 0;
    Handle handle(
        speex_resampler_init(1, static_cast<unsigned>(from), static_cast<unsigned>(to), quality, &error));
    if (!handle) throw std::bad_alloc();
    return handle;
}

}  // namespace

struct Resampler::State {
    Handle handle;
};

Resampler::Resampler(int from, int to)
    : from_(from),
      to_(to),
      state_(std::make_unique<State>(State{made(from, to, SPEEX_RESAMPLER_QUALITY_VOIP)})) {}

Resampler::~Resampler() = default;
Resampler::Resampler(Resampler&&) noexcept = default;
Resampler& Resampler::operator=(Resampler&&) noexcept = default;

void Resampler::process(std::span<const std::int16_t> in, std::span<std::int16_t> out) {
    auto taken = static_cast<spx_uint32_t>(in.size());
    auto given = static_cast<spx_uint32_t>(out.size());
    speex_resampler_process_int(state_->handle.get(), 0, in.data(), &taken, out.data(), &given);
    std::ranges::fill(out.subspan(given), std::int16_t{0});
}

void Resampler::reset() {
    speex_resampler_reset_mem(state_->handle.get());
}

std::vector<float> resampled(std::span<const float> samples, int from, int to) {
    if (from == to) return {samples.begin(), samples.end()};
    const Handle handle = made(from, to, SPEEX_RESAMPLER_QUALITY_DESKTOP);
    speex_resampler_skip_zeros(handle.get());
    auto in = static_cast<spx_uint32_t>(samples.size());
    std::vector<float> out(std::uint64_t{in} * static_cast<unsigned>(to) / static_cast<unsigned>(from) + 1);
    auto given = static_cast<spx_uint32_t>(out.size());
    speex_resampler_process_float(handle.get(), 0, samples.data(), &in, out.data(), &given);
    out.resize(given);
    return out;
}

}  // namespace patchbay::media
