#include "media/player.hpp"

#include <algorithm>
#include <utility>

namespace patchbay::media {

namespace {

constexpr float soft = 0.25F;  ///< -12 dB, of loops under an announcement
/// Ticks: who hears music is not left in silence while the other's first packets, or its keys, are under way.
constexpr std::uint64_t longest_linger = 75;

bool has_leg(const std::vector<call::Source>& sources) {
    return std::ranges::any_of(sources, [](const auto& s) { return std::holds_alternative<LegId>(s); });
}

}  // namespace

void Player::set(const std::vector<call::Source>& sources, const Sounds& sounds, std::uint64_t tick) {
    auto before = std::exchange(loops_, {});
    lingers_until_.reset();
    bool speaks = false;
    for (const call::Source& source : sources) {
        if (const auto* announcement = std::get_if<call::Announcement>(&source)) {
            speaks = true;
            set_announcement(*announcement, sounds);
        }
        const auto* sound = std::get_if<call::Sound>(&source);
        if (sound == nullptr) continue;
        const auto old = std::ranges::find(before, *sound, &Playing::sound);
        if (old != before.end()) {
            loops_.push_back(std::move(*old));
            before.erase(old);
            continue;
        }
        const Loop* loop = sounds.find(*sound);
        loops_.push_back({*sound, loop != nullptr ? loop : &sounds.music(), tick, {}});
    }
    if (speaks) return;
    announcement_.reset();
    heard_.reset();
    if (!loops_.empty() || before.empty() || !has_leg(sources)) return;
    loops_ = std::move(before);
    lingers_until_ = tick + longest_linger;
}

void Player::let_go() {
    loops_.clear();
    lingers_until_.reset();
}

void Player::set_announcement(const call::Announcement& announcement, const Sounds& sounds) {
    const bool goes_on = (announcement_ && announcement_->id == announcement.id) || heard_ == announcement.id;
    if (goes_on) return;
    announcement_ = Speaking{};
    announcement_->id = announcement.id;
    heard_.reset();
    for (const std::string& name : announcement.sounds) {
        if (const Loop* part = sounds.find(name)) announcement_->parts.push_back(part);
    }
}

int Player::rate() const {
    int rate = announcement_ ? narrow_rate : 0;
    for (const Playing& playing : loops_) rate = std::max(rate, playing.loop->rate());
    if (announcement_)
        for (const Loop* part : announcement_->parts) rate = std::max(rate, part->rate());
    return rate;
}

std::span<const std::uint8_t> Player::only(Codec codec, std::uint64_t tick) const {
    if (loops_.size() != 1 || announcement_ || loudness_ != 1) return {};
    return loops_.front().loop->encoded(codec, tick - loops_.front().first_tick);
}

void Player::add_to(std::span<std::int32_t> sum, int rate, std::uint64_t tick) {
    const float wanted = announcement_ ? soft : 1;
    const float step = (wanted - loudness_) / static_cast<float>(sum.size());
    for (Playing& playing : loops_) {
        const auto frame = playing.reader.read(*playing.loop, tick - playing.first_tick, rate);
        float loudness = loudness_;
        for (std::size_t i = 0; i < sum.size(); ++i, loudness += step)
            sum[i] += static_cast<std::int32_t>(static_cast<float>(frame[i]) * loudness);
    }
    loudness_ = wanted;
    if (announcement_) speak(sum, rate);
}

void Player::speak(std::span<std::int32_t> sum, int rate) {
    Speaking& speaking = *announcement_;
    if (speaking.part < speaking.parts.size()) {
        const Loop& part = *speaking.parts[speaking.part];
        const auto frame = speaking.reader.read(part, speaking.frame, rate);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += frame[i];
        if (++speaking.frame == part.frames()) {
            speaking.frame = 0;
            ++speaking.part;
        }
    }
    if (speaking.part < speaking.parts.size()) return;
    ended_ = heard_ = speaking.id;
    announcement_.reset();
}

std::optional<std::uint32_t> Player::take_ended() {
    return std::exchange(ended_, std::nullopt);
}

std::span<const std::int16_t> Player::Reader::read(const Loop& loop, std::uint64_t number, int rate) {
    if (rate == narrow_rate || rate == loop.rate()) return loop.frame(number, rate);
    if (!resampler || resampler->from() != loop.rate() || resampler->to() != rate)
        resampler.emplace(loop.rate(), rate);
    converted.resize(samples_of_frame(rate));
    resampler->process(loop.frame(number, loop.rate()), converted);
    return converted;
}

}  // namespace patchbay::media
