#include "call/hold.hpp"

#include "call/cause.hpp"
#include "call/transfer.hpp"

namespace patchbay::call::hold {
namespace {

// Says what the leg's hold flags come to, when that differs from what was said before.
void tell(Core& core, Leg& leg, bool was_held, bool by_phone) {
    if (leg.is_put_aside() || was_held == leg.is_held()) return;
    Core::settle_state(leg);
    if (leg.is_held()) {
        core.emit(*leg.call, leg, LegHeld{by_phone});
    } else {
        core.emit(*leg.call, leg, LegRetrieved{});
    }
    core.hear(*leg.call);
}

Error wrong_state(std::string text) {
    return refuse(refusal::wrong_state, std::move(text));
}

Error does_not_talk(const Leg& leg) {
    return wrong_state("the leg does not talk: it is " + std::string(word(leg.state)));
}

bool waits_for_transfer(const Leg& leg) {
    const auto& transfer = leg.call->transfer;
    return transfer && transfer->transferor == leg.id;
}

void release(Core& core, Leg& leg) {
    const bool was_held = leg.is_held();
    leg.held_by_command = false;
    if (leg.held_by_phone) {
        // Only its own phone can bring it back: it is asked to, and hold_changed() tells when it has.
        const auto* other = other_of(*leg.call, leg);
        core.tools.signalling.renegotiate(leg.id, other == nullptr ? LegId{} : other->id, true);
    }
    tell(core, leg, was_held, false);
}

}  // namespace

Result<Leg*> hold(Core& core, Leg& leg, bool repeat_is_done) {
    if (!leg.is_answered() || leg.is_put_aside()) return does_not_talk(leg);
    if (leg.is_held()) {
        if (repeat_is_done) return &leg;
        return wrong_state("the leg is on hold already");
    }
    leg.held_by_command = true;
    tell(core, leg, false, false);
    return &leg;
}

Result<Leg*> retrieve(Core& core, Leg& leg, bool repeat_is_done) {
    if (!leg.is_answered() || leg.is_put_aside()) return does_not_talk(leg);
    const bool transfers = waits_for_transfer(leg);
    if (!leg.is_held() && !transfers) {
        if (repeat_is_done) return &leg;
        return wrong_state("the leg is not on hold");
    }
    if (transfers) transfer::cancel(core, *leg.call);
    if (leg.state != LegState::ended && leg.is_held()) release(core, leg);
    return &leg;
}

void come_back(Core& core, Leg& leg) {
    if (leg.held_by_phone) core.tools.signalling.renegotiate(leg.id, LegId{}, true);
    if (!std::exchange(leg.held_by_command, false) || leg.held_by_phone) return;
    Core::settle_state(leg);
    core.emit(*leg.call, leg, LegRetrieved{});
}

void phone_changed(Core& core, Leg& leg, bool held) {
    if (leg.held_by_phone == held) return;
    if (!leg.is_answered()) {
        leg.held_by_phone = held;  // told when it connects
        return;
    }
    const bool was_held = leg.is_held();
    leg.held_by_phone = held;
    if (!held) leg.held_by_command = false;
    tell(core, leg, was_held, held);
}

}  // namespace patchbay::call::hold
