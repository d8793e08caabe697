#include "ringme/calls.hpp"

#include <utility>
#include <variant>

#include "base/text.hpp"
#include "ringme/actions.hpp"
#include "ringme/answers.hpp"
#include "ringme/call_id.hpp"
#include "ringme/call_json.hpp"

namespace patchbay::ringme {
namespace {

constexpr std::size_t longest_key = 255;

// What a request is about: an extension of the caller's domain, or all of it; and perhaps one call.
struct Place {
    Caller caller;
    const config::Extension* extension = nullptr;
    LegId leg;

    call::Scope scope() const {
        return {caller.domain->name, extension != nullptr ? extension->number : caller.number, {}};
    }
    Viewpoint viewpoint() const { return {*caller.domain, caller.client_id, extension}; }
};

using Found = std::variant<Place, http::Response>;

http::Response not_found() {
    return error(404, "not_found", "Not found");
}

Found extension_of(const http::Request& request, const Caller& caller) {
    const auto id = to_number(request.parameter("extension_id"));
    const auto* extension = id ? caller.domain->extension_by_id(static_cast<int>(*id)) : nullptr;
    if (extension == nullptr || extension->id != *id) return not_found();
    if (!caller.number.empty() && caller.number != extension->number) {
        return error(403, "access_denied", "This user may only see their own extension");
    }
    return Place{caller, extension, {}};
}

Found call_of(const http::Request& request, const Caller& caller) {
    auto found = extension_of(request, caller);
    auto* place = std::get_if<Place>(&found);
    if (place == nullptr) return found;
    const auto leg = parse_call_api_id(request.parameter("call_api_id"));
    if (!leg) return not_found();
    place->leg = *leg;
    return found;
}

Found client_of(const http::Request& request, const Caller& caller) {
    const auto id = request.parameter("client_id");
    if (id != "@me" && to_number(id) != caller.client_id) return not_found();
    return Place{caller, nullptr, {}};
}

http::Response with_body(std::function<std::string()> body) {
    return {200, std::string(json_type), {}, {}, [body = std::move(body)](http::Response& response) {
                response.body = body();
            }};
}

http::Response list_answer(const Place& place, call::Outcome&& outcome) {
    return with_body([place, legs = std::move(outcome.legs)] { return call_list(legs, place.viewpoint()); });
}

http::Response call_answer(const Place& place, call::Outcome&& outcome) {
    if (outcome.legs.empty()) return not_found();
    return with_body([place, outcome = std::move(outcome)] {
        return call_object(outcome.legs.front(), place.viewpoint(), outcome.park_slot);
    });
}

http::Response empty_answer(const Place&, call::Outcome&&) {
    return {204, {}, {}, {}};
}

// The reply comes on the switch thread: the answer's body is made later, on the HTTP thread.
void submit(call::Gateway& gateway, const Place& place, call::Action action, const http::Responder& responder,
            http::Response (*answer)(const Place&, call::Outcome&&)) {
    gateway.submit({place.scope(), std::move(action), "ringme"},
                   [place, responder, answer](Result<call::Outcome> result) {
                       responder(result ? answer(place, std::move(*result)) : refused(result.error()));
                   });
}

bool is_json(const http::Request& request) {
    const auto type = request.header("Content-Type");
    const auto name = trim(type.substr(0, type.find(';')));
    return name.empty() || iequals(name, "application/json");
}

}  // namespace

void Calls::of_extension(const http::Request& request, const Caller& caller,
                         const http::Responder& responder) {
    const auto found = extension_of(request, caller);
    if (const auto* refusal = std::get_if<http::Response>(&found)) return responder(*refusal);
    submit(gateway_, std::get<Place>(found), call::List{}, responder, list_answer);
}

void Calls::of_client(const http::Request& request, const Caller& caller, const http::Responder& responder) {
    const auto found = client_of(request, caller);
    if (const auto* refusal = std::get_if<http::Response>(&found)) return responder(*refusal);
    submit(gateway_, std::get<Place>(found), call::List{}, responder, list_answer);
}

void Calls::find(const http::Request& request, const Caller& caller, const http::Responder& responder) {
    const auto found = call_of(request, caller);
    if (const auto* refusal = std::get_if<http::Response>(&found)) return responder(*refusal);
    const auto& place = std::get<Place>(found);
    submit(gateway_, place, call::Find{place.leg}, responder, call_answer);
}

void Calls::update(const http::Request& request, const Caller& caller, const http::Responder& responder) {
    const auto key = request.header("Idempotency-Key");
    if (key.empty()) return carry_out(request, caller, responder);
    if (key.size() > longest_key) {
        return responder(error(400, "invalid_request", "The Idempotency-Key is longer than 255 characters"));
    }
    const auto whole = caller.name + '\n' + request.path + '\n' + std::string(key);
    if (const auto first = repeats_->enter(whole, request.body, responder, now_())) {
        carry_out(request, caller, first);
    }
}

void Calls::carry_out(const http::Request& request, const Caller& caller, const http::Responder& responder) {
    const auto found = call_of(request, caller);
    if (const auto* refusal = std::get_if<http::Response>(&found)) return responder(*refusal);
    const auto& place = std::get<Place>(found);
    if (!is_json(request)) {
        return responder(error(415, "unsupported_media_type", "The body must be application/json"));
    }
    const auto update = parse_update(request.body);
    if (!update) return responder(error(400, update.error().code, update.error().text));
    auto action = to_action(*update, place.leg, *caller.domain);
    if (!action) return responder(error(400, action.error().code, action.error().text));
    if (is_supervising(*action) && !caller.may_supervise) {
        return responder(error(403, "access_denied", "Supervising calls is not allowed to this client"));
    }
    submit(gateway_, place, std::move(*action), responder, call_answer);
}

void Calls::clear(const http::Request& request, const Caller& caller, const http::Responder& responder) {
    const auto found = call_of(request, caller);
    if (const auto* refusal = std::get_if<http::Response>(&found)) return responder(*refusal);
    const auto& place = std::get<Place>(found);
    submit(gateway_, place, call::Clear{place.leg}, responder, empty_answer);
}

}  // namespace patchbay::ringme
