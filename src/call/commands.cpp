// Commands: each finds its leg within the scope and hands it to the part that knows.
#include "call/cause.hpp"
#include "call/conference.hpp"
#include "call/hold.hpp"
#include "call/originate.hpp"
#include "call/park.hpp"
#include "call/pickup.hpp"
#include "call/recording.hpp"
#include "call/rung.hpp"
#include "call/seat.hpp"
#include "call/supervise.hpp"
#include "call/switch_state.hpp"
#include "call/transfer.hpp"
#include "call/view.hpp"
#include "call/waiting.hpp"

namespace patchbay::call {
namespace {

// What was accepted shows the leg the command named, and the one it concerns, as they are now.
Result<Outcome> outcome(const Leg& named, const Result<Leg*>& done) {
    if (!done) return done.error();
    Outcome answer;
    answer.legs.push_back(view(named));
    if (done.value() != &named) answer.legs.push_back(view(*done.value()));
    return answer;
}

class Visitor {
  public:
    Visitor(Core& core, const Scope& scope) : core_(core), scope_(scope) {}

    Result<Outcome> operator()(const Hold& command) {
        return with(command.leg, [&](Leg& leg) { return hold::hold(core_, leg, command.repeat_is_done); });
    }
    Result<Outcome> operator()(const Retrieve& command) {
        return with(command.leg,
                    [&](Leg& leg) { return hold::retrieve(core_, leg, command.repeat_is_done); });
    }
    Result<Outcome> operator()(const Transfer& command) {
        return with(command.leg, [&](Leg& leg) { return transfer_leg(leg, command.to); });
    }
    Result<Outcome> operator()(const AttendedTransfer& command) {
        return with(command.leg, [&](Leg& leg) { return transfer::start_attended(core_, leg, command.to); });
    }
    Result<Outcome> operator()(const Supervise& command) {
        return with(command.leg, [&](Leg& leg) { return supervise_leg(leg, command); });
    }
    Result<Outcome> operator()(const Join& command) {
        return with(command.leg, [&](Leg& leg) -> Result<Leg*> {
            auto* second = find(command.with);
            if (second == nullptr) return unknown(command.with);
            return transfer::join(core_, leg, *second);
        });
    }
    Result<Outcome> operator()(const Park& command) {
        auto* leg = find(command.leg);
        if (leg == nullptr) return unknown(command.leg);
        const auto parked = park::start(core_, *leg);
        if (!parked) return parked.error();
        const auto seen = view(**parked);
        return Outcome{{seen}, seen.park_slot};
    }
    Result<Outcome> operator()(const Pickup& command) {
        auto* leg = find_parked_too(command.leg);
        if (leg == nullptr) return unknown(command.leg);
        return outcome(*leg, pickup::start(core_, *leg, command.to));
    }
    Result<Outcome> operator()(const Clear& command) {
        return with(command.leg, [&](Leg& leg) -> Result<Leg*> {
            leave(core_, leg, causes::cleared, Tell::sip);
            return &leg;
        });
    }
    Result<Outcome> operator()(const Record& command) {
        return with(command.leg, [&](Leg& leg) { return recording::change(core_, leg, command.action); });
    }
    Result<Outcome> operator()(const List&) { return Outcome{views_of(core_, scope_), 0}; }
    Result<Outcome> operator()(const Find& command) {
        const auto* leg = find_parked_too(command.leg);
        if (leg == nullptr) return unknown(command.leg);
        const auto seen = view(*leg);
        return Outcome{{seen}, seen.park_slot};
    }
    Result<Outcome> operator()(const Seat& command) {
        if (!scope_.operator_id.empty() && scope_.operator_id != command.operator_id) {
            return refuse(refusal::invalid, "only the operator's own seat may be taken");
        }
        const auto seated = seat::take(core_, scope_.domain, command.operator_id, command.number);
        if (!seated) return seated.error();
        return Outcome{};
    }

    Result<Outcome> operator()(const Originate& command) {
        const auto rung = originate::start(core_, scope_, command);
        if (!rung) return rung.error();
        return Outcome{{view(**rung)}, 0};
    }
    Result<Outcome> operator()(const Answer& command) {
        return with(command.leg, [&](Leg& leg) { return rung::answer(core_, leg); });
    }
    Result<Outcome> operator()(const Refuse& command) {
        return with(command.leg, [&](Leg& leg) { return rung::refuse(core_, leg); });
    }
    Result<Outcome> operator()(const Merge& command) {
        return with(command.leg, [&](Leg& leg) -> Result<Leg*> {
            auto* second = find(command.with);
            if (second == nullptr) return unknown(command.with);
            return conference::merge(core_, leg, *second);
        });
    }
    Result<Outcome> operator()(const Remove& command) {
        return with(command.leg,
                    [&](Leg& leg) { return conference::remove(core_, leg, command.participant); });
    }
    Result<Outcome> operator()(const Members& command) {
        const auto* leg = find(command.leg);
        if (leg == nullptr) return unknown(command.leg);
        Outcome members;
        for (const auto& member : leg->call->legs) members.legs.push_back(view(*member));
        return members;
    }
    Result<Outcome> operator()(const Enqueue& command) {
        return with(command.leg, [&](Leg& leg) { return waiting::enqueue(core_, leg, command.queue); });
    }
    Result<Outcome> operator()(const Offer& command) {
        return with(command.leg,
                    [&](Leg& leg) { return waiting::offer(core_, leg, command.to, command.timeout); });
    }
    Result<Outcome> operator()(const Announce& command) {
        return with(command.leg, [&](Leg& leg) { return waiting::announce(core_, leg, command.sounds); });
    }

  private:
    template <typename Do>
    Result<Outcome> with(LegId id, Do action) {
        auto* leg = find(id);
        if (leg == nullptr) return unknown(id);
        return outcome(*leg, action(*leg));
    }

    Leg* find(LegId id) const {
        auto* leg = core_.store.leg(id);
        return leg != nullptr && is_visible(*leg, scope_) ? leg : nullptr;
    }

    // The ended leg of a parker stands for whom it parked.
    Leg* find_parked_too(LegId id) const {
        if (auto* leg = find(id)) return leg;
        auto* parked = core_.store.parked_by(id);
        return parked != nullptr && is_visible(*parked, scope_) ? parked : nullptr;
    }

    static Error unknown(LegId id) { return refuse(refusal::no_such_leg, "there is no leg " + id.text()); }

    Result<Leg*> supervise_leg(Leg& leg, const Supervise& command) {
        if (!command.to.empty()) return supervise::start(core_, leg, command.to, command.mode);
        const auto number = core_.directory.number_of(scope_.domain, command.operator_id);
        if (!number.empty()) return supervise::start(core_, leg, number, command.mode);
        return refuse(refusal::no_such_number, "operator " + command.operator_id + " works at no number");
    }

    // Transfer by the transferor of an attended one, naming nobody or the same number, completes that.
    Result<Leg*> transfer_leg(Leg& leg, const std::string& to) {
        auto& call = *leg.call;
        const bool transfers = call.transfer && call.transfer->transferor == leg.id;
        const bool attended = transfers && (call.transfer->state == TransferState::asking ||
                                            call.transfer->state == TransferState::consulting);
        if (attended && (to.empty() || to == call.transfer->to)) {
            transfer::complete(core_, call);
            return &leg;
        }
        if (to.empty()) return refuse(refusal::invalid, "no number to transfer to was given");
        return transfer::start_blind(core_, leg, to);
    }

    Core& core_;
    const Scope& scope_;
};

}  // namespace

Result<Outcome> carry_out(Core& core, const Command& command) {
    auto scope = command.scope;
    const auto* domain = core.directory.domain(scope.domain);
    if (domain == nullptr) return refuse(refusal::no_such_leg, "there is no domain " + scope.domain);
    scope.domain = domain->name;
    return std::visit(Visitor(core, scope), command.action);
}

std::string_view name(const Action& action) {
    constexpr std::array<std::string_view, std::variant_size_v<Action>> names{
        "hold",      "retrieve", "transfer", "join",      "attended_transfer",
        "supervise", "park",     "pickup",   "clear",     "list",
        "find",      "seat",     "record",   "originate", "answer",
        "refuse",    "merge",    "remove",   "members",   "enqueue",
        "offer",     "announce"};
    return names.at(action.index());
}

}  // namespace patchbay::call
