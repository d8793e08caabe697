#include "waiter.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace patchbay::robot {

namespace {

constexpr Milliseconds look_every{40};
/// A tone is there above the first level and away below the second; in between nothing is said.
constexpr double present_db = -32, absent_db = -42;

double level_of(const Heard& heard, const std::vector<double>& hertz, double tone) {
    const auto at = std::ranges::find(hertz, tone);
    return at == hertz.end() ? -120 : heard.tones[static_cast<std::size_t>(at - hertz.begin())];
}

bool sounds_so(const Heard& heard, const std::vector<double>& hertz, const Wanted& wanted) {
    const auto level = [&](double tone) { return level_of(heard, hertz, tone); };
    if (!std::ranges::all_of(wanted.present, [&](double tone) { return level(tone) > present_db; }))
        return false;
    if (!std::ranges::all_of(wanted.absent, [&](double tone) { return level(tone) < absent_db; }))
        return false;
    if (!wanted.other) return true;
    return *wanted.other ? heard.other > absent_db : heard.other < absent_db;
}

double rounded(double level) {
    return std::round(level * 10) / 10;
}

}  // namespace

Json Waiter::describe(const Heard& heard, const std::vector<double>& hertz) {
    Json tones, result;
    for (std::size_t i = 0; i < hertz.size(); ++i)
        tones[fmt::format("{}", hertz[i])] = rounded(heard.tones[i]);
    result["tones"] = std::move(tones);
    result["other"] = rounded(heard.other);
    result["level"] = rounded(heard.level);
    return result;
}

Json Waiter::describe(Call& call) {
    Json result;
    result["call"] = call.number();
    if (call.audio() == nullptr) return result;
    for (auto& field : describe(call.audio()->heard(), call.audio()->ear().hertz()))
        result[field.key()] = field.value();
    const auto& counts = call.audio()->counts();
    result["packets"] = counts.received;
    result["sent"] = counts.sent;
    result["lost"] = counts.lost;
    result["foreign"] = counts.foreign;
    result["rtcp"] = counts.rtcp;
    result["refused"] = counts.refused;
    result["noise"] = counts.noise;
    result["gap_ms"] = counts.longest_gap;
    result["silence_ms"] = call.audio()->continuity().longest_silence();
    result["steady"] = call.audio()->continuity().steady();
    result["ssrc"] = counts.ssrc;
    result["ssrcs"] = counts.ssrcs;
    result["sources"] = counts.sources;
    return result;
}

void Waiter::wait(std::weak_ptr<Call> call, Wanted wanted, std::function<void(bool, const Heard&)> done) {
    waiting_.push_back({std::move(call), std::move(wanted), std::move(done), loop_.now(), std::nullopt});
    if (waiting_.size() == 1) timer_ = loop_.timers().after(look_every, [this] { look(); });
}

void Waiter::look() {
    waiting_.remove_if([this](Waiting& waiting) { return over(waiting); });
    if (!waiting_.empty()) timer_ = loop_.timers().after(look_every, [this] { look(); });
}

bool Waiter::over(Waiting& waiting) {
    const auto call = waiting.call.lock();
    const Ticks now = loop_.now();
    const bool can_hear = call && call->audio() != nullptr;
    const Heard heard = can_hear ? call->audio()->heard() : Heard{};
    const bool so = can_hear && sounds_so(heard, call->audio()->ear().hertz(), waiting.wanted);
    if (!so) waiting.since.reset();
    if (so && !waiting.since) waiting.since = now;
    const bool stable = so && now - *waiting.since >= waiting.wanted.stable;
    const bool late = now - waiting.started >= waiting.wanted.timeout && !so;
    if (!stable && !late) return false;
    waiting.done(stable, heard);
    return true;
}

}  // namespace patchbay::robot
