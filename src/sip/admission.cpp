#include "sip/admission.hpp"

#include <algorithm>

namespace patchbay::sip {
namespace {

constexpr double smoothing = 0.3;           ///< weight of the newest lag
constexpr Milliseconds measure_holds{500};  ///< an older measurement says nothing about now
constexpr Milliseconds minute{60'000};
constexpr double burst_of_source_seconds = 2;
constexpr std::int64_t shortest_retry = 1, longest_retry = 16;  ///< s

}  // namespace

Admission::Admission(Clock& clock, Limits limits) : clock_(clock), limits_(limits) {
    calls_.filled = clock_.ticks();
    calls_.tokens = limits_.calls_per_second * limits_.burst_seconds;
}

void Admission::measured(const Load& load) {
    const Ticks now = clock_.ticks();
    if (now - measured_ > measure_holds) lag_ = 0;
    if (load.lag) lag_ += smoothing * (static_cast<double>(load.lag->count()) - lag_);
    measured_ = now;
    const Reason reason = too_much(load);
    dropped_ = load.dropped;
    if (reason != Reason::none) {
        if (!overloaded_) overloaded_since_ = now;
        overloaded_ = true;
        why_ = reason;
    } else if (little(load)) {
        overloaded_ = false;
    }
}

Admission::Reason Admission::too_much(const Load& load) const {
    if (load.backlog > limits_.backlog_high || load.dropped > dropped_) return Reason::backlog;
    if (lag_ > static_cast<double>(limits_.lag_high.count())) return Reason::lag;
    if (load.transactions > limits_.transactions_high) return Reason::transactions;
    return Reason::none;
}

bool Admission::little(const Load& load) const {
    return load.backlog < limits_.backlog_low && lag_ < static_cast<double>(limits_.lag_low.count()) &&
           load.transactions < limits_.transactions_low;
}

Admission::Verdict Admission::keeps_up() {
    const Ticks now = clock_.ticks();
    // Nobody measures when nothing comes: then there is no overload either.
    if (overloaded_ && now - measured_ > measure_holds) overloaded_ = false;
    if (overloaded_) return {false, retry_after(now - overloaded_since_), why_};
    return {};
}

Admission::Verdict Admission::new_call() {
    if (const Verdict verdict = keeps_up(); !verdict.admitted) return verdict;
    const double rate = limits_.calls_per_second;
    if (rate > 0 && !take(calls_, rate, rate * limits_.burst_seconds))
        return {false, Seconds{shortest_retry}, Reason::rate};
    return {};
}

/// The longer it lasts, the longer callers are sent away, so that their repeats do not add up.
Seconds Admission::retry_after(Milliseconds overloaded_for) {
    const auto seconds = std::chrono::ceil<Seconds>(overloaded_for).count();
    return Seconds{std::clamp(seconds, shortest_retry, longest_retry)};
}

bool Admission::accepts(std::string_view address) {
    Source& from = source(address);
    if (from.ignored_until > clock_.ticks()) return false;
    const double rate = limits_.source_messages_per_second;
    return rate <= 0 || take(from.messages, rate, rate * burst_of_source_seconds);
}

void Admission::garbage(std::string_view address) {
    Source& from = source(address);
    const Ticks now = clock_.ticks();
    if (now - from.garbage_since > minute) {
        from.garbage_since = now;
        from.garbage = 0;
    }
    if (++from.garbage <= limits_.garbage_per_minute) return;
    from.ignored_until = now + limits_.garbage_penalty;
    from.garbage = 0;
}

bool Admission::take(Bucket& bucket, double rate, double burst) {
    const Ticks now = clock_.ticks();
    const double passed = std::chrono::duration<double>(now - bucket.filled).count();
    bucket.filled = now;
    bucket.tokens = std::min(bucket.tokens + passed * rate, std::max(burst, 1.0));
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
}

Admission::Source& Admission::source(std::string_view address) {
    const auto found = sources_.find(address);
    if (found != sources_.end()) return found->second;
    if (sources_.size() >= limits_.sources) forget_one();
    Source fresh;
    fresh.messages = {limits_.source_messages_per_second * burst_of_source_seconds, clock_.ticks()};
    fresh.garbage_since = clock_.ticks();
    return sources_.emplace(std::string(address), fresh).first->second;
}

/// Any that is not being punished; the table stays small whatever addresses are forged.
void Admission::forget_one() {
    constexpr int looks = 8;
    auto victim = sources_.begin();
    for (int i = 0; i < looks && std::next(victim) != sources_.end(); ++i) {
        if (victim->second.ignored_until <= clock_.ticks()) break;
        ++victim;
    }
    sources_.erase(victim);
}

std::string_view word(Admission::Reason reason) {
    switch (reason) {
        case Admission::Reason::none:
            return "none";
        case Admission::Reason::rate:
            return "rate";
        case Admission::Reason::backlog:
            return "backlog";
        case Admission::Reason::lag:
            return "lag";
        case Admission::Reason::transactions:
            return "transactions";
    }
    return "none";
}

}  // namespace patchbay::sip
