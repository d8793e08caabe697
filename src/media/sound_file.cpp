#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include <sndfile.h>
#include <speex/speex_resampler.h>

#include "media/g711.hpp"
#include "media/sound.hpp"

namespace patchbay::media {

namespace {

constexpr sf_count_t most_seconds = 600;

std::runtime_error unreadable(const std::string& path, const std::string& reason) {
    return std::runtime_error("music file " + path + ": " + reason);
}

/// Interleaved channels as one.
std::vector<float> mix_down(const std::vector<float>& samples, std::size_t channels) {
    std::vector<float> one(samples.size() / channels);
    for (std::size_t i = 0; i < one.size(); ++i) {
        for (std::size_t channel = 0; channel < channels; ++channel)
            one[i] += samples[i * channels + channel];
        one[i] /= static_cast<float>(channels);
    }
    return one;
}

std::vector<float> resample(const std::vector<float>& samples, int rate) {
    if (rate == g711_rate) return samples;
    int error = 0;
    const std::unique_ptr<SpeexResamplerState, decltype(&speex_resampler_destroy)> resampler(
        speex_resampler_init(1, static_cast<unsigned>(rate), g711_rate, SPEEX_RESAMPLER_QUALITY_DESKTOP,
                             &error),
        &speex_resampler_destroy);
    if (!resampler) throw std::runtime_error(speex_resampler_strerror(error));
    speex_resampler_skip_zeros(resampler.get());
    auto in = static_cast<spx_uint32_t>(samples.size());
    const std::uint64_t wanted = std::uint64_t{in} * g711_rate / static_cast<unsigned>(rate);
    std::vector<float> out(wanted + 1);
    auto made = static_cast<spx_uint32_t>(out.size());
    speex_resampler_process_float(resampler.get(), 0, samples.data(), &in, out.data(), &made);
    out.resize(made);
    return out;
}

}  // namespace

std::vector<std::int16_t> read_sound_file(const std::string& path) {
    SF_INFO info{};
    const std::unique_ptr<SNDFILE, decltype(&sf_close)> file(sf_open(path.c_str(), SFM_READ, &info),
                                                             &sf_close);
    if (!file) throw unreadable(path, sf_strerror(nullptr));
    if (info.channels < 1 || info.samplerate < 1) throw unreadable(path, "it has no audio");
    const sf_count_t wanted = std::min(info.frames, most_seconds * info.samplerate);
    std::vector<float> samples(static_cast<std::size_t>(wanted * info.channels));
    const sf_count_t count = sf_readf_float(file.get(), samples.data(), wanted);
    if (count <= 0) throw unreadable(path, "it holds no sound");
    samples.resize(static_cast<std::size_t>(count * info.channels));

    const auto audio = resample(mix_down(samples, static_cast<std::size_t>(info.channels)), info.samplerate);
    std::vector<std::int16_t> result(audio.size());
    std::ranges::transform(audio, result.begin(), [](float sample) {
        return static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * 32767));
    });
    return result;
}

}  // namespace patchbay::media
