#include "call/call.hpp"

namespace patchbay::call {
namespace {

Leg* other_in_transfer(const Call& call, const Leg& leg) {
    const auto& transfer = *call.transfer;
    const bool attended =
        transfer.state == TransferState::asking || transfer.state == TransferState::consulting;
    if (leg.id == transfer.transferee) return attended ? nullptr : call.leg(transfer.transferor);
    if (leg.id == transfer.transferor) return call.leg(attended ? transfer.target : transfer.transferee);
    if (leg.id == transfer.target) return call.leg(attended ? transfer.transferor : transfer.transferee);
    return nullptr;
}

}  // namespace

Leg* other_of(const Call& call, const Leg& leg) {
    if (call.transfer) return other_in_transfer(call, leg);
    if (leg.role != Role::talker) return nullptr;
    Leg* other = nullptr;
    for (const auto& candidate : call.legs) {
        if (candidate.get() == &leg || candidate->role != Role::talker || candidate->is_pending()) continue;
        if (other != nullptr) return nullptr;
        other = candidate.get();
    }
    return other;
}

Party party_of(const Leg& leg) {
    const auto& facts = *leg.facts;
    return {facts.number, facts.display_name, facts.operator_id, facts.group, facts.trunk, leg.anonymous};
}

}  // namespace patchbay::call
