#include "media/recording.hpp"

#include <boost/json.hpp>

namespace patchbay::media {

namespace json = boost::json;

RecordingFacts facts_of(LegId leg, const call::RecordingOrder& order) {
    RecordingFacts facts{.leg = leg, .call = order.call, .started = order.started};
    if (!order.facts) return facts;
    facts.domain = order.facts->domain;
    facts.number = order.facts->trunk.empty() ? order.facts->number : std::string();
    facts.operator_id = order.facts->operator_id;
    facts.group = order.facts->group;
    facts.remote_number = order.facts->remote_number;
    facts.queue_id = order.facts->queue_id;
    return facts;
}

std::string json_of(const RecordingFacts& facts) {
    return json::serialize(json::object{{"domain", facts.domain},
                                        {"number", facts.number},
                                        {"operator", facts.operator_id},
                                        {"group", facts.group},
                                        {"remote", facts.remote_number},
                                        {"queue", facts.queue_id},
                                        {"leg", facts.leg.text()},
                                        {"call", facts.call.text()},
                                        {"started", facts.started.time_since_epoch().count()}});
}

std::optional<RecordingFacts> facts_from_json(std::string_view text) {
    boost::system::error_code problem;
    const auto value = json::parse(text, problem);
    const auto* object = problem ? nullptr : value.if_object();
    if (object == nullptr) return std::nullopt;
    const auto read = [&](std::string_view key) -> std::string {
        const auto* found = object->if_contains(key);
        return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    RecordingFacts facts{.domain = read("domain"),
                         .number = read("number"),
                         .operator_id = read("operator"),
                         .group = read("group"),
                         .remote_number = read("remote"),
                         .queue_id = read("queue"),
                         .leg = LegId::parse(read("leg")).value_or(LegId{}),
                         .call = CallRef::parse(read("call")).value_or(CallRef{})};
    if (facts.domain.empty() || !facts.leg) return std::nullopt;
    const auto* started = object->if_contains("started");
    if (started != nullptr && started->is_int64()) facts.started = Time{Milliseconds{started->get_int64()}};
    return facts;
}

}  // namespace patchbay::media
