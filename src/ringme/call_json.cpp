#include "ringme/call_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "ringme/answers.hpp"
#include "ringme/call_id.hpp"

namespace patchbay::ringme {
namespace {

namespace json = boost::json;
using call::Direction;
using call::LegFacts;
using call::LegState;
using call::LegView;

json::value extension_object(const config::Extension* extension, const Viewpoint& viewpoint) {
    if (extension == nullptr) return nullptr;
    return json::object{{"name", viewpoint.domain.prefix + "*" + extension->number},
                        {"id", extension->id},
                        {"client_id", viewpoint.client_id},
                        {"type", "phone"},
                        {"extension_group_id", nullptr}};
}

json::value text_or_null(const std::string& text) {
    if (text.empty()) return nullptr;
    return json::string(utf8(text));
}

json::value time_or_null(Time time) {
    if (time == Time{}) return nullptr;
    return json::string(date_time(time, '-'));
}

struct Parties {
    std::string caller_number, caller_name;
    const config::Extension* caller = nullptr;
    const config::Extension* called = nullptr;
};

Parties parties_of(const LegFacts& facts, const config::Domain& domain) {
    const auto* own = facts.trunk.empty() ? domain.extension(facts.number) : nullptr;
    const auto* other = domain.extension(facts.remote_number);
    if (facts.direction == Direction::in) return {facts.remote_number, facts.remote_display_name, other, own};
    if (facts.remote_number.empty()) other = domain.extension(facts.called_number);
    return {facts.number, facts.display_name, own, other};
}

// The party of a leg that is parked is listed at its parker, to whom the call has the other direction.
bool is_anothers(const LegView& leg, const Viewpoint& viewpoint) {
    const bool outside = !leg.facts->trunk.empty();
    if (viewpoint.extension == nullptr) return outside;
    return outside || leg.facts->number != viewpoint.extension->number;
}

std::string_view flow(Direction direction, bool anothers) {
    return (direction == Direction::in) != anothers ? "in" : "out";
}

json::object object_of(const LegView& leg, const Viewpoint& viewpoint) {
    const auto& facts = *leg.facts;
    const auto parties = parties_of(facts, viewpoint.domain);
    const bool anothers = is_anothers(leg, viewpoint);
    const auto* extension = viewpoint.extension;
    if (extension == nullptr && !anothers) extension = viewpoint.domain.extension(facts.number);
    json::object call;
    call["call_api_id"] = call_api_id(leg.id);
    call["other_call_api_id"] = leg.other ? json::value(call_api_id(leg.other)) : json::value(nullptr);
    call["record_uuid"] = leg.recording ? json::value(leg.recording.text()) : json::value(nullptr);
    call["call_flow"] = flow(facts.direction, anothers);
    call["called_number"] = utf8(facts.called_number);
    call["called_did"] = text_or_null(facts.called_did);
    call["init_time_gmt"] = time_or_null(facts.started);
    call["answer_time_gmt"] = time_or_null(leg.answered);
    call["caller_id_number"] = utf8(parties.caller_number);
    call["caller_id_name"] = utf8(parties.caller_name);
    call["caller_extension"] = extension_object(parties.caller, viewpoint);
    call["called_extension"] = extension_object(parties.called, viewpoint);
    call["real_call"] = !anothers && leg.state != LegState::parked;
    call["extension_id"] = extension != nullptr ? json::value(extension->id) : json::value(nullptr);
    call["callback_id"] = nullptr;
    call["call_id"] = leg.call.text();
    call["subcall_id"] = leg.id.text();
    if (leg.park_slot != 0) call["park_slot"] = leg.park_slot;
    return call;
}

}  // namespace

std::string call_list(std::span<const LegView> legs, const Viewpoint& viewpoint) {
    json::array calls;
    for (const auto& leg : legs) {
        const bool is_phone = leg.facts->trunk.empty() || leg.state == LegState::parked;
        if (viewpoint.extension != nullptr || is_phone) calls.push_back(object_of(leg, viewpoint));
    }
    return json::serialize(json::object{{"call_list", std::move(calls)}});
}

std::string call_object(const LegView& leg, const Viewpoint& viewpoint, int park_slot) {
    auto call = object_of(leg, viewpoint);
    if (park_slot != 0) call["park_slot"] = park_slot;
    return json::serialize(call);
}

}  // namespace patchbay::ringme
