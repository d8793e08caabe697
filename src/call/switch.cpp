#include "call/switch.hpp"

#include "base/log.hpp"
#include "call/switch_state.hpp"
#include "call/transfer.hpp"

namespace patchbay::call {

Switch::Switch(config::ConfigPtr config, SwitchTools tools)
    : state_(std::make_unique<State>(std::move(config), tools)) {}

Switch::~Switch() {
    // The timers outlive us.
    for (const auto& [ref, call] : state_->core.store.all()) {
        for (const auto& leg : call->legs) state_->core.stop_timer(*leg);
    }
}

void Switch::execute(const Command& command, const Reply& reply) {
    auto& core = state_->core;
    const Turn turn(core);
    auto result = carry_out(core, command);
    const std::string code = result.ok() ? "done" : result.error().code;
    core.meters.command(command.dialect, name(command.action), code);
    log::debug("call", "{}: {} {}", command.dialect, name(command.action), code);
    reply(std::move(result));
}

void Switch::reload(config::ConfigPtr config) {
    state_->core.directory.reload(std::move(config));
}

void Switch::drain() {
    state_->core.draining = true;
}

void Switch::clear_all(const Cause& cause) {
    auto& core = state_->core;
    const Turn turn(core);
    while (core.store.calls() > 0) {
        auto& call = *core.store.all().begin()->second;
        if (call.parking) core.store.forget_parked(call);
        if (call.transfer) transfer::abandon(core, call, cause);
        core.end_call(call, cause);
    }
}

Hearing Switch::hearing_of(CallRef ref) const {
    const auto* call = state_->core.store.call(ref);
    return call == nullptr ? Hearing{} : hearing(*call);
}

std::size_t Switch::calls() const {
    return state_->core.store.calls();
}

std::size_t Switch::legs() const {
    return state_->core.store.legs();
}

}  // namespace patchbay::call
