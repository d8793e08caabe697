#include "sip/load.hpp"

#include <algorithm>

namespace patchbay::sip {

namespace {

constexpr Milliseconds between_ticks{50};
constexpr unsigned calls_between_measures = 16;
constexpr int receive_buffer = 8 * 1024 * 1024;  // bytes

AdmissionLimits limits_of(const config::Config& config) {
    AdmissionLimits limits;
    limits.calls_per_second = config.sip.calls_per_second_limit;
    // A proxy or a gateway before us speaks for many phones.
    limits.source_messages_per_second = 20'000;
    // Finished transactions linger for half a minute and cost nothing but memory: half a million calls.
    limits.transactions_high = 1'500'000;
    limits.transactions_low = 1'400'000;
    return limits;
}

}  // namespace

Load::Load(Core& core)
    : core_(core),
      admission_(core.clock, limits_of(*core.config)),
      queue_(core.agent.bound("udp").value_or(config::Endpoint{})) {
    queue_.enlarge(receive_buffer);
    tick();
}

Load::~Load() {
    core_.timers.cancel(timer_);
}

Admission::Verdict Load::keeps_up() {
    if (++calls_ % calls_between_measures == 0) measure({});
    return admission_.keeps_up();
}

void Load::measure(std::optional<Milliseconds> lag) {
    const auto sample = queue_.sample();
    const auto counts = core_.agent.counts();
    admission_.measured(
        {sample.used, sample.dropped, lag, counts.server_transactions + counts.client_transactions});
}

void Load::tick() {
    const auto now = core_.clock.ticks();
    const auto lag = due_ == Ticks{0} ? Milliseconds{0} : std::max(now - due_, Milliseconds{0});
    due_ = now + between_ticks;
    timer_ = core_.timers.after(between_ticks, [this] { tick(); });
    measure(lag);
}

}  // namespace patchbay::sip
