#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include <sndfile.h>

#include "media/resampler.hpp"
#include "media/sound.hpp"

namespace patchbay::media {

namespace {

constexpr sf_count_t most_seconds = 600;

std::runtime_error unreadable(const std::string& path, const std::string& reason) {
    return std::runtime_error("sound file " + path + ": " + reason);
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

std::vector<std::int16_t> as_samples(const std::vector<float>& audio) {
    std::vector<std::int16_t> result(audio.size());
    std::ranges::transform(audio, result.begin(), [](float sample) {
        return static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * 32767));
    });
    return result;
}

}  // namespace

Recording read_sound_file(const std::string& path) {
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

    const auto audio = mix_down(samples, static_cast<std::size_t>(info.channels));
    Recording recording{as_samples(resampled(audio, info.samplerate, narrow_rate)), {}};
    if (info.samplerate > narrow_rate)
        recording.wide = as_samples(resampled(audio, info.samplerate, wide_rate));
    return recording;
}

}  // namespace patchbay::media
