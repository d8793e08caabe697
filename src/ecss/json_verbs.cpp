#include "ecss/json_verbs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace patchbay::ecss {
namespace {

Result<LegId> call_named(const JsonRequest& request, std::string_view member) {
    const auto id = request.value(member);
    if (id.empty()) return Error{"invalid_request", fmt::format("The payload has no '{}'.", member)};
    if (const auto leg = LegId::parse(id); leg && *leg) return *leg;
    return Error{"no_such_leg", fmt::format("There is no call '{}'.", id)};
}

SwitchRequest for_switch(const JsonRequest& request, call::Action action) {
    return {std::string(request.value("operatorId")), std::move(action), nullptr};
}

// A verb that needs the call alone.
template <typename Command>
Result<SwitchRequest> read_plain(const JsonRequest& request) {
    const auto leg = call_named(request, "callId");
    if (!leg) return leg.error();
    Command command{};
    command.leg = *leg;
    return for_switch(request, std::move(command));
}

Result<SwitchRequest> read_transfer(const JsonRequest& request) {
    const auto leg = call_named(request, "callId");
    if (!leg) return leg.error();
    const auto number = request.value("number");
    if (number.empty() == request.value("destinationCallId").empty())
        return Error{"invalid_request", "Exactly one of 'number' and 'destinationCallId' is needed."};
    if (!number.empty()) return for_switch(request, call::Transfer{*leg, std::string(number)});
    const auto with = call_named(request, "destinationCallId");
    if (!with) return with.error();
    return for_switch(request, call::Join{*leg, *with});
}

Result<SwitchRequest> read_consult(const JsonRequest& request) {
    const auto leg = call_named(request, "callId");
    if (!leg) return leg.error();
    const auto number = request.value("number");
    if (number.empty()) return Error{"invalid_request", "The payload has no 'number'."};
    const auto mode = request.value("mode");
    if (mode == "conference")
        return for_switch(request,
                          call::Supervise{*leg, std::string(number), call::SuperviseMode::conference});
    if (mode.empty() || mode == "consult")
        return for_switch(request, call::Supervise{*leg, std::string(number), call::SuperviseMode::consult});
    return Error{"invalid_request", "The 'mode' is neither 'consult' nor 'conference'."};
}

// The payload's operatorId is who is called, not who asks.
Result<SwitchRequest> read_make_call(const JsonRequest& request) {
    const auto number = request.value("number");
    const auto person = request.value("operatorId");
    if (number.empty() == person.empty())
        return Error{"invalid_request", "Exactly one of 'number' and 'operatorId' is needed."};
    call::Originate originate{};
    originate.to = number;
    originate.to_operator = person;
    return SwitchRequest{{}, std::move(originate), nullptr};
}

constexpr std::array<JsonVerb, 10> verbs{{
    {"call/accept", read_plain<call::Answer>},
    {"call/reject", read_plain<call::Refuse>},
    {"call/complete", read_plain<call::Clear>},
    {"call/release", read_plain<call::Clear>},
    {"call/hold", read_plain<call::Hold>},
    {"call/retrieve", read_plain<call::Retrieve>},
    {"call/unhold", read_plain<call::Retrieve>},
    {"call/transfer", read_transfer},
    {"call/consult", read_consult},
    {"call/makeCall", read_make_call},
}};

}  // namespace

const JsonVerb* find_json_verb(std::string_view action) {
    const auto* found = std::ranges::find(verbs, action, &JsonVerb::action);
    return found == verbs.end() ? nullptr : found;
}

}  // namespace patchbay::ecss
