// The messages of the JSON socket (docs/manual/ecss-json.md): {"action","requestId","payload"}, one object a
// text message; a reply adds "status".
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ecss/answers.hpp"
#include "ecss/position.hpp"

namespace patchbay::ecss {

/// A request. The payload's plain members are texts, whatever they were in JSON.
struct JsonRequest {
    std::string action;
    std::string id;  ///< the `requestId` as JSON, echoed; empty: there was none
    std::map<std::string, std::string, std::less<>> values;
    std::map<std::string, std::vector<std::string>, std::less<>> lists;

    /// The member's text; empty when there is none: the interface makes no difference between the two.
    std::string_view value(std::string_view name) const {
        const auto found = values.find(name);
        return found == values.end() ? std::string_view{} : std::string_view(found->second);
    }
};

/// Any thread; bounded in depth. Error `bad_json` says what is wrong. Members that are objects are refused,
/// unknown ones ignored by whoever reads the request.
Result<JsonRequest> read_json_request(std::string_view message);

/// The replies: with a payload that is JSON already, and for an error, whose code chooses the status.
std::string json_reply(const JsonRequest& request, std::string_view payload);
std::string json_error(const JsonRequest& request, const Error& error);
/// The status that json_error() gives.
int json_status(std::string_view code);

/// A notification of calls as they are now: no `requestId`, no `status`.
std::string json_notice(std::span<const Conversation> calls, Position at, const QueueName& queue_name);

// Payloads.
std::string json_calls(std::span<const Conversation> calls, Position at, const QueueName& queue_name);
/// The reply to a subscription. `resumes`: what was missed since `at` follows as notifications.
std::string json_subscribed(std::span<const Conversation> calls, Position at, bool resumes,
                            const QueueName& queue_name);
std::string json_login(std::string_view token, bool supervisor, Seconds auto_logout);
std::string json_ok();
std::string json_call_made(LegId leg);

}  // namespace patchbay::ecss
