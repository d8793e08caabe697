// Facts from SIP and media: each finds its leg, and stale ids are ignored.
#include <string_view>

#include "call/cause.hpp"
#include "call/fax.hpp"
#include "call/hold.hpp"
#include "call/recording.hpp"
#include "call/redirect.hpp"
#include "call/rung.hpp"
#include "call/setup.hpp"
#include "call/switch_state.hpp"
#include "call/transfer.hpp"
#include "call/waiting.hpp"

namespace patchbay::call {
namespace {

bool still_rings(const Leg* leg) {
    return leg != nullptr && !leg->is_caller() && !leg->is_answered();
}

bool is_digit(char digit) {
    return std::string_view("0123456789*#ABCD").find(digit) != std::string_view::npos;
}

bool hears(const Leg& ear, LegId leg) {
    return std::ranges::find(ear.hears, Source{leg}) != ear.hears.end();
}

}  // namespace

LegId Switch::new_leg() {
    return state_->core.ids.next_leg();
}

void Switch::incoming(LegId leg, const Incoming& call) {
    const Turn turn(state_->core);
    setup::incoming(state_->core, leg, call);
}

void Switch::ringing(LegId id, bool early_media) {
    const Turn turn(state_->core);
    auto* leg = state_->core.store.leg(id);
    if (still_rings(leg)) rung::rings(state_->core, *leg, early_media);
}

void Switch::answered(LegId id) {
    const Turn turn(state_->core);
    auto* leg = state_->core.store.leg(id);
    if (still_rings(leg)) rung::answers(state_->core, *leg);
}

void Switch::redirected(LegId id, const std::string& to) {
    const Turn turn(state_->core);
    auto* leg = state_->core.store.leg(id);
    if (still_rings(leg)) ring_elsewhere(state_->core, *leg, to);
}

void Switch::ended(LegId id, const Cause& cause) {
    const Turn turn(state_->core);
    auto* leg = state_->core.store.leg(id);
    if (leg == nullptr || fax::waits_for_end(state_->core, *leg, cause)) return;
    leave(state_->core, *leg, cause, Tell::nobody);
}

void Switch::hold_changed(LegId id, bool held) {
    const Turn turn(state_->core);
    if (auto* leg = state_->core.store.leg(id)) hold::phone_changed(state_->core, *leg, held);
}

bool Switch::refer(LegId id, const std::string& to, LegId replaces) {
    auto& core = state_->core;
    const Turn turn(core);
    auto* leg = core.store.leg(id);
    if (leg == nullptr) return false;
    leg->refers = true;
    auto* second = core.store.leg(replaces);
    if (replaces && (second == nullptr || second->facts->domain != leg->facts->domain)) {
        leg->refers = false;
        return false;
    }
    const auto done =
        second != nullptr ? transfer::join(core, *leg, *second) : transfer::start_blind(core, *leg, to);
    if (!done) leg->refers = false;
    return done.ok();
}

void Switch::dtmf(LegId id, char digit) {
    auto& core = state_->core;
    const auto* leg = core.store.leg(id);
    if (leg == nullptr || !is_digit(digit)) return;
    core.emit(*leg->call, *leg, DtmfPressed{digit});
    for (const auto& other : leg->call->legs) {
        const bool takes_it = other->role == Role::talker && other->is_answered() && hears(*other, id);
        if (takes_it) core.tools.signalling.send_dtmf(other->id, digit);
    }
}

void Switch::recording_failed(LegId id, Uuid which, std::string_view reason) {
    auto* leg = state_->core.store.leg(id);
    if (leg != nullptr) recording::failed(state_->core, *leg, which, reason);
}

void Switch::fax_ended(LegId id, int pages, std::string_view reason) {
    const Turn turn(state_->core);
    if (auto* leg = state_->core.store.leg(id)) fax::ended(state_->core, *leg, pages, reason);
}

void Switch::announcement_ended(LegId id, std::uint32_t announcement) {
    const Turn turn(state_->core);
    auto* leg = state_->core.store.leg(id);
    if (leg != nullptr) waiting::announcement_ended(state_->core, *leg, announcement);
}

void Switch::media_lost(LegId id) {
    const Turn turn(state_->core);
    auto* leg = state_->core.store.leg(id);
    // A phone that holds need not send anything, nor need one that only hears how it rings.
    // A fax machine that only listens for minutes is looked after by its own clocks.
    if (leg == nullptr || !leg->is_answered() || leg->held_by_phone || leg->fax) return;
    leave(state_->core, *leg, causes::media_lost, Tell::sip);
}

}  // namespace patchbay::call
