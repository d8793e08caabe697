#include "call/seat.hpp"

namespace patchbay::call::seat {
namespace {

// Who is alone with the server dials a feature code, or waits.
bool is_to_claim(const Leg& leg, const std::string& number) {
    const auto& facts = *leg.facts;
    return facts.operator_id.empty() && facts.trunk.empty() && facts.number == number &&
           leg.call->legs.size() > 1;
}

void claim(Core& core, Leg& leg, const Party& person) {
    auto facts = std::make_shared<LegFacts>(*leg.facts);
    facts->operator_id = person.operator_id;
    facts->group = person.group;
    core.store.give_operator(leg, std::move(facts));
    auto& call = *leg.call;
    const auto supervises = leg.role == Role::talker ? LegId{} : leg.supervises;
    core.emit(call, leg, LegChanged{leg.facts, leg.role, supervises});
    for (const auto& other : call.legs) {
        if (other_of(call, *other) == &leg && !Core::is_remote(*other, leg)) core.change_remote(*other, leg);
    }
}

}  // namespace

Result<Done> take(Core& core, const std::string& domain, const std::string& operator_id,
                  const std::string& number) {
    auto seated = core.directory.seat(domain, operator_id, number);
    const auto person = seated ? core.directory.extension(domain, number) : std::nullopt;
    if (!person) return seated;
    for (auto* leg : core.store.of_number(domain, number)) {
        if (is_to_claim(*leg, number)) claim(core, *leg, *person);
    }
    return seated;
}

}  // namespace patchbay::call::seat
