#include "ringme/actions.hpp"

#include <algorithm>
#include <array>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"

namespace patchbay::ringme {
namespace {

constexpr std::size_t longest_number = 64;

Error invalid(std::string text) {
    return {"invalid_request", std::move(text)};
}

// A member that must be a string when it is there; null counts as absent.
Result<std::string> text_member(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return std::string{};
    const auto* text = value->if_string();
    if (text == nullptr) return invalid(std::string(name) + " must be a string");
    return std::string(*text);
}

bool is_number(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("+*#._-").find(c) != std::string_view::npos;
    });
}

Result<std::string> number_of(const Update& update, const config::Domain& domain) {
    std::string_view number = update.send_dst;
    if (number.empty()) return invalid("send_dst is required for " + update.action);
    if (number.size() > longest_number || !is_number(number)) return invalid("send_dst is not a number");
    const auto prefix = domain.prefix + "*";
    if (!domain.prefix.empty() && number.starts_with(prefix) && number.size() > prefix.size()) {
        number.remove_prefix(prefix.size());
    }
    return std::string(number);
}

using Make = call::Action (*)(LegId, const std::string& to);

struct ActionOf {
    std::string_view name;
    bool needs_number;
    Make make;
};

template <call::SuperviseMode mode>
call::Action supervise(LegId leg, const std::string& to) {
    return call::Supervise{leg, to, mode};
}

template <call::RecordingAction action>
call::Action record(LegId leg, const std::string&) {
    return call::Record{leg, action};
}

// A transfer without number completes an attended one: whether there is one, the switch knows.
constexpr std::array<ActionOf, 14> actions{{
    {"transfer", false,
     [](LegId leg, const std::string& to) -> call::Action {
         return call::Transfer{leg, to};
     }},
    {"attended_transfer", true,
     [](LegId leg, const std::string& to) -> call::Action {
         return call::AttendedTransfer{leg, to};
     }},
    {"eavesdrop", true, supervise<call::SuperviseMode::observe>},
    {"whisper", true, supervise<call::SuperviseMode::consult>},
    {"conference", true, supervise<call::SuperviseMode::conference>},
    {"hold", false,
     [](LegId leg, const std::string&) -> call::Action {
         return call::Hold{leg, true};
     }},
    {"offhold", false,
     [](LegId leg, const std::string&) -> call::Action {
         return call::Retrieve{leg, true};
     }},
    {"park", false, [](LegId leg, const std::string&) -> call::Action { return call::Park{leg}; }},
    {"pickup", true,
     [](LegId leg, const std::string& to) -> call::Action {
         return call::Pickup{leg, to};
     }},
    {"record", false, record<call::RecordingAction::start>},
    {"record_stop", false, record<call::RecordingAction::stop>},
    {"record_pause", false, record<call::RecordingAction::pause>},
    {"record_mask", false, record<call::RecordingAction::mask>},
    {"record_resume", false, record<call::RecordingAction::resume>},
}};

}  // namespace

Result<Update> parse_update(std::string_view body) {
    std::array<unsigned char, 4096> storage;
    boost::json::monotonic_resource memory(storage.data(), storage.size());
    boost::json::error_code ec;
    const auto value = boost::json::parse(body, ec, &memory);
    if (ec) return Error{"invalid_json", "the body is no JSON: " + ec.message()};
    const auto* object = value.if_object();
    if (object == nullptr) return invalid("the body must be an object");
    auto action = text_member(*object, "action");
    if (!action) return action.error();
    if (action->empty()) return invalid("action is required");
    auto send_dst = text_member(*object, "send_dst");
    if (!send_dst) return send_dst.error();
    return Update{std::move(*action), std::move(*send_dst)};
}

Result<call::Action> to_action(const Update& update, LegId leg, const config::Domain& domain) {
    const auto* found = std::ranges::find(actions, update.action, &ActionOf::name);
    if (found == actions.end())
        return invalid("there is no action " + update.action.substr(0, longest_number));
    std::string to;
    if (found->needs_number || (!update.send_dst.empty() && update.action == "transfer")) {
        auto number = number_of(update, domain);
        if (!number) return number.error();
        to = std::move(*number);
    }
    return found->make(leg, to);
}

bool is_supervising(const call::Action& action) {
    return std::holds_alternative<call::Supervise>(action);
}

}  // namespace patchbay::ringme
