#include "ecss/call_requests.hpp"

#include <fmt/format.h>

#include "ecss/call_answers.hpp"

namespace patchbay::ecss::call_requests {
namespace {

Error invalid(std::string text) {
    return Error{"invalid_request", std::move(text)};
}

// An id of another form than ours is as unknown as a stale one.
Result<LegId> conversation(std::string_view id) {
    if (const auto leg = LegId::parse(id); leg && *leg) return *leg;
    return Error{"cannot_perform_cmd", fmt::format("There is no conversation '{}'.", id)};
}

Request for_switch(const Node& element, call::Action action,
                   Answer (*show)(std::string_view, const call::Outcome&) = nullptr) {
    return SwitchRequest{std::string(element.attribute("operator_id")), std::move(action), show};
}

// The schema lets only these words pass.
call::RecordingAction recording_action(std::string_view word) {
    using enum call::RecordingAction;
    for (const auto action : {start, stop, pause, mask}) {
        if (word == call::word(action)) return action;
    }
    return resume;
}

// A command that says nothing but which conversation it is about.
template <typename Action>
Result<Request> about_conversation(const Node& request) {
    const Node& element = request.content.front();
    const auto leg = conversation(element.attribute("conversation_id"));
    if (!leg) return leg.error();
    return for_switch(element, Action{.leg = *leg});
}

// The conversation a transfer is about, by either of its names.
Result<LegId> original(const Node& element) {
    const auto named = element.attribute("original_conversation_id");
    const auto alias = element.attribute("conversation_id");
    if (named.empty() && alias.empty()) {
        return invalid(fmt::format(
            "Element '{}': The attribute 'original_conversation_id' is required but missing.", element.name));
    }
    if (!named.empty() && !alias.empty() && named != alias) {
        return invalid(
            fmt::format("Element '{}': The attributes 'original_conversation_id' and 'conversation_id' name "
                        "different conversations.",
                        element.name));
    }
    return conversation(named.empty() ? alias : named);
}

Error not_one_destination(const Node& element, std::string_view how_many) {
    return invalid(
        fmt::format("Element '{}': {} one of the attributes 'to_number' and "
                    "'destination_conversation_id' is required.",
                    element.name, how_many));
}

Result<Request> join(const Node& element, LegId leg) {
    const auto with = conversation(element.attribute("destination_conversation_id"));
    if (!with) return with.error();
    return for_switch(element, call::Join{leg, *with});
}

std::optional<Error> required(const Node& element, std::string_view attribute) {
    if (!element.attribute(attribute).empty()) return std::nullopt;
    return invalid(fmt::format("Element '{}', attribute '{}': The value is empty.", element.name, attribute));
}

Result<call::Action> addition(LegId conference, const Node& participant) {
    if (const auto number = participant.attribute("number"); !number.empty()) {
        return call::Action{
            call::Supervise{conference, std::string(number), call::SuperviseMode::conference}};
    }
    const auto with = conversation(participant.attribute("conversation_id"));
    if (!with) return with.error();
    return call::Action{call::Merge{conference, *with}};
}

}  // namespace

Result<Request> hold(const Node& request) {
    return about_conversation<call::Hold>(request);
}
Result<Request> record(const Node& request) {
    const Node& element = request.content.front();
    const auto leg = conversation(element.attribute("conversation_id"));
    if (!leg) return leg.error();
    return for_switch(element, call::Record{*leg, recording_action(element.attribute("action"))});
}

Result<Request> unhold(const Node& request) {
    return about_conversation<call::Retrieve>(request);
}
Result<Request> accept(const Node& request) {
    return about_conversation<call::Answer>(request);
}
Result<Request> reject(const Node& request) {
    return about_conversation<call::Refuse>(request);
}
Result<Request> release(const Node& request) {
    return about_conversation<call::Clear>(request);
}

Result<Request> complete(const Node& request) {
    const Node& element = request.content.front();
    CompleteRequest complete{std::string(element.attribute("operator_id")), {}};
    if (const auto id = element.attribute("conversation_id"); !id.empty()) {
        const auto leg = conversation(id);
        if (!leg) return leg.error();
        complete.conversation = *leg;
    }
    return Request{std::move(complete)};
}

Result<Request> unattended_transfer(const Node& request) {
    const Node& element = request.content.front();
    const auto leg = original(element);
    if (!leg && leg.error().code == "invalid_request") return leg.error();
    const auto number = element.attribute("to_number");
    if (number.empty() == element.attribute("destination_conversation_id").empty()) {
        return not_one_destination(element, "Exactly");
    }
    if (!leg) return leg.error();
    if (number.empty()) return join(element, *leg);
    return for_switch(element, call::Transfer{*leg, std::string(number)});
}

Result<Request> attended_transfer(const Node& request) {
    const Node& element = request.content.front();
    const auto leg = original(element);
    if (!leg && leg.error().code == "invalid_request") return leg.error();
    const auto number = element.attribute("to_number");
    const auto destination = element.attribute("destination_conversation_id");
    if (!number.empty() && !destination.empty()) return not_one_destination(element, "At most");
    if (!leg) return leg.error();
    if (!destination.empty()) return join(element, *leg);
    // Naming nobody completes what is under way.
    if (number.empty()) return for_switch(element, call::Transfer{*leg, {}});
    return for_switch(element, call::AttendedTransfer{*leg, std::string(number)});
}

Result<Request> consult(const Node& request) {
    const Node& element = request.content.front();
    if (auto wrong = required(element, "to_number")) return std::move(*wrong);
    const auto leg = conversation(element.attribute("conversation_id"));
    if (!leg) return leg.error();
    const auto mode = element.attribute("mode") == "conference" ? call::SuperviseMode::conference
                                                                : call::SuperviseMode::consult;
    return for_switch(element, call::Supervise{*leg, std::string(element.attribute("to_number")), mode});
}

Result<Request> supervise(const Node& request) {
    const Node& element = request.content.front();
    const auto leg = conversation(element.attribute("conversation_id"));
    if (!leg) return leg.error();
    const auto word = element.attribute("mode");
    const auto mode = word == "observing" ? call::SuperviseMode::observe
                      : word == "consult" ? call::SuperviseMode::consult
                                          : call::SuperviseMode::conference;
    return Request{SuperviseRequest{std::string(element.attribute("operator_id")), *leg, mode}};
}

Result<Request> make_call(const Node& request) {
    const Node& element = request.content.front();
    if (auto wrong = required(element, "to_number")) return std::move(*wrong);
    return for_switch(element, call::Originate{{}, std::string(element.attribute("to_number"))},
                      new_call_answer);
}

Result<Request> make_agent_call(const Node& request) {
    const Node& element = request.content.front();
    if (auto wrong = required(element, "agent_id")) return std::move(*wrong);
    return for_switch(element, call::Originate{{}, {}, std::string(element.attribute("agent_id"))},
                      new_call_answer);
}

Result<Request> add_participant(const Node& request) {
    const Node& element = request.content.front();
    const Node* list = element.child("participants");
    const Node& participants = list == nullptr ? element : *list;
    const auto inner = participants.attribute("conference_id");
    const auto id = inner.empty() ? element.attribute("conference_id") : inner;
    if (id.empty()) {
        return invalid(fmt::format("Element '{}': The attribute 'conference_id' is required but missing.",
                                   participants.name));
    }
    if (participants.content.empty()) {
        return invalid(
            fmt::format("Element '{}': At least one element 'participant' is required.", participants.name));
    }
    const auto conference = conversation(id);
    if (!conference) return conference.error();
    ParticipantsRequest adds{std::string(element.attribute("operator_id")), {}};
    for (const auto& participant : participants.content) {
        auto added = addition(*conference, participant);
        if (!added) return added.error();
        adds.additions.push_back(std::move(*added));
    }
    return Request{std::move(adds)};
}

Result<Request> remove_participant(const Node& request) {
    const Node& element = request.content.front();
    const auto conference = conversation(element.attribute("conference_id"));
    if (!conference) return conference.error();
    const auto participant = LegId::parse(element.attribute("participant_id"));
    if (!participant) {
        return Error{"cannot_perform_cmd",
                     fmt::format("There is no participant '{}'.", element.attribute("participant_id"))};
    }
    return for_switch(element, call::Remove{*conference, *participant});
}

Result<Request> participants(const Node& request) {
    const Node& element = request.content.front();
    const auto conference = conversation(element.attribute("conference_id"));
    if (!conference) return conference.error();
    return for_switch(element, call::Members{*conference}, participants_answer);
}

Result<Request> move_to_queue(const Node& request) {
    const Node& element = request.content.front();
    const auto leg = conversation(element.attribute("conversation_id"));
    if (!leg) return leg.error();
    return Request{EnqueueRequest{std::string(element.attribute("operator_id")), *leg,
                                  std::string(element.attribute("queue_id"))}};
}

Result<Request> remove_from_queue(const Node& request) {
    const Node& element = request.content.front();
    const auto leg = conversation(element.attribute("conversation_id"));
    if (!leg) return leg.error();
    return Request{DequeueRequest{*leg, std::string(element.attribute("to_number"))}};
}

}  // namespace patchbay::ecss::call_requests
