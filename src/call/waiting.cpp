#include "call/waiting.hpp"

#include "call/cause.hpp"
#include "call/transfer.hpp"

namespace patchbay::call::waiting {
namespace {

// Should media never tell that an announcement ended, music comes back all the same.
constexpr Seconds longest_announcement{60};

Error not_waiting(const Leg& leg) {
    return refuse(refusal::wrong_state, "the leg does not wait: it is " + std::string(word(leg.state)));
}

// Whoever rings for the waiting leg.
void end_offers(Core& core, Call& call, const Leg& taker) {
    for (std::size_t i = call.legs.size(); i-- > 0;) {
        auto& leg = *call.legs[i];
        const bool rings = leg.purpose == Purpose::offer && !leg.is_answered() && &leg != &taker;
        if (rings) core.end_leg(leg, causes::answered_elsewhere, Tell::sip);
    }
}

// The leg's facts name the queue; nothing more is to be told when they do already.
void name_queue(Core& core, Leg& leg, const ToQueue& queue) {
    if (leg.facts->queue_id == queue.id) return;
    auto facts = std::make_shared<LegFacts>(*leg.facts);
    facts->queue_id = queue.id;
    Party nobody;
    nobody.number = queue.number;
    nobody.group = core.directory.group_of_queue(facts->domain, queue.id);
    set_remote(*facts, nobody);
    leg.facts = std::move(facts);
    core.emit(*leg.call, leg, LegChanged{leg.facts, leg.role, leg.supervises});
}

}  // namespace

void begin(Core& core, Leg& leg, const ToQueue& queue) {
    auto& call = *leg.call;
    name_queue(core, leg, queue);
    leg.served = true;
    call.music = core.directory.music(call.domain, queue.id);
    if (call.waiting) {
        call.waiting->queue = queue.id;
        call.waiting->announcement.reset();  // it was the other queue's
        core.stop_timer(leg);
    } else {
        call.waiting.emplace().leg = leg.id;
        call.waiting->queue = queue.id;
    }
    Core::settle_state(leg);
    core.emit(call, leg, LegQueued{queue.id});
}

Result<Leg*> enqueue(Core& core, Leg& leg, const std::string& queue) {
    const auto* found = core.directory.queue(leg.facts->domain, queue);
    if (found == nullptr) return refuse(refusal::no_such_queue, "there is no queue " + queue);
    auto& call = *leg.call;
    if (call.is_waiting(leg)) {
        begin(core, leg, {found->id, found->number});
        core.hear(call);
        return &leg;
    }
    return transfer::start_blind(core, leg, found->number);
}

Result<Leg*> offer(Core& core, Leg& leg, const std::string& to, Seconds timeout) {
    auto& call = *leg.call;
    if (!call.is_waiting(leg)) return not_waiting(leg);
    auto destination = destination_to_join(core, call, to, true);
    if (!destination) return destination.error();
    RingOrder order;
    order.party = std::move(destination->party);
    order.caller_id = std::move(destination->caller_id);
    order.called_number = to;
    order.purpose = Purpose::offer;
    order.queue_id = call.waiting->queue;
    order.timeout = timeout;
    auto* rung = core.ring(call, leg, order);
    if (rung == nullptr) return refuse(refusal::no_media, "no media port is left");
    core.emit(call, leg, LegOffered{rung->id});
    return rung;
}

Result<Leg*> announce(Core& core, Leg& leg, const std::vector<std::string>& sounds) {
    auto& call = *leg.call;
    if (!call.is_waiting(leg)) return not_waiting(leg);
    if (sounds.empty()) return refuse(refusal::invalid, "no sound was named");
    if (call.waiting->announcement) return refuse(refusal::wrong_state, "other sounds are being played");
    call.waiting->announcement = Announcement{sounds, ++call.waiting->announcements};
    core.start_timer(leg, longest_announcement, [](Core& c, Leg& late) {
        announcement_ended(c, late, late.call->waiting->announcements);
    });
    core.hear(call);
    return &leg;
}

void answered(Core& core, Leg& taker) {
    auto& call = *taker.call;
    auto& waited = *call.leg(call.waiting->leg);
    core.connect(taker);
    taker.purpose = Purpose::party;
    end_offers(core, call, taker);
    core.stop_timer(waited);
    call.waiting.reset();
    Core::settle_state(waited);
    core.emit(call, waited, LegRetrieved{});
    if (waited.is_held()) core.emit(call, waited, LegHeld{waited.held_by_phone});
    settle(core, call, causes::answered_elsewhere);
}

void announcement_ended(Core& core, Leg& leg, std::uint32_t announcement) {
    auto& call = *leg.call;
    if (!call.is_waiting(leg) || !call.waiting->announcement) return;
    if (call.waiting->announcement->id != announcement) return;
    core.stop_timer(leg);
    call.waiting->announcement.reset();
    core.hear(call);
}

}  // namespace patchbay::call::waiting
