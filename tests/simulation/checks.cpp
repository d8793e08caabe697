#include "checks.hpp"

#include <fmt/format.h>

namespace patchbay::simulation {

using namespace call;

void EventChecks::fail(const Event& event, const std::string& what) {
    breach_.note(
        what, fmt::format("event {} of call {}, leg {}", event.sequence, event.call.value, event.leg.text()));
}

void EventChecks::publish(Event event) {
    event.offset = ++count_;
    auto& call = calls_[event.call];
    if (event.sequence != ++call.sequence) fail(event, "its sequence has a gap");
    if (call.ended) fail(event, "it comes after the call's end");
    if (std::holds_alternative<CallEnded>(event.body)) {
        call_ended(call, event);
    } else {
        leg_event(call, event);
    }
    record(event);
}

void EventChecks::record(const Event& event) {
    const auto cdr = fold_.take(event);
    if (cdr.has_value() != std::holds_alternative<LegEnded>(event.body)) {
        fail(event, cdr ? "a leg that has not ended got a CDR" : "the ended leg got no CDR");
    }
    if (!cdr) return;
    ++records_;
    if (cdr->leg != event.leg || cdr->call != event.call || cdr->released != event.at) {
        fail(event, "the CDR is another leg's");
    }
}

void EventChecks::leg_event(CallState& call, const Event& event) {
    if (std::holds_alternative<LegStarted>(event.body)) {
        if (!known_.insert(event.leg).second) fail(event, "the leg started twice");
        live_[event.leg] = event.call;
        call.legs.insert(event.leg);
        return;
    }
    if (std::holds_alternative<LegMoved>(event.body)) moved(call, event);
    if (!call.legs.contains(event.leg)) fail(event, "it is about a leg that is not in the call");
    if (std::holds_alternative<TransferStarted>(event.body)) ++call.transfers;
    if (std::holds_alternative<TransferEnded>(event.body)) --call.transfers;
    if (call.transfers < 0 || call.transfers > 1) fail(event, "transfers do not begin and end in turn");
    if (!std::holds_alternative<LegEnded>(event.body)) return;
    if (event.state != LegState::ended) fail(event, "the ended leg's state is not ended");
    live_.erase(event.leg);
    call.legs.erase(event.leg);
}

void EventChecks::moved(CallState& call, const Event& event) {
    const auto from = std::get<LegMoved>(event.body).from;
    if (calls_[from].legs.erase(event.leg) != 1) fail(event, "it moved from where it was not");
    call.legs.insert(event.leg);
    live_[event.leg] = event.call;
}

void EventChecks::call_ended(CallState& call, const Event& event) {
    call.ended = true;
    if (!call.legs.empty()) fail(event, "the call ended before its legs");
    if (call.transfers != 0) fail(event, "a transfer had no end");
}

}  // namespace patchbay::simulation
