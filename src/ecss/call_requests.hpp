// Readers of the requests about calls. Each takes the element `request` of a valid document.
#pragma once

#include "ecss/requests.hpp"

namespace patchbay::ecss::call_requests {

Result<Request> hold(const Node& request);
Result<Request> unhold(const Node& request);
Result<Request> record(const Node& request);
Result<Request> accept(const Node& request);
Result<Request> reject(const Node& request);
Result<Request> release(const Node& request);
Result<Request> complete(const Node& request);
Result<Request> unattended_transfer(const Node& request);
Result<Request> attended_transfer(const Node& request);
Result<Request> consult(const Node& request);
Result<Request> supervise(const Node& request);
Result<Request> make_call(const Node& request);
Result<Request> make_agent_call(const Node& request);
Result<Request> add_participant(const Node& request);
Result<Request> remove_participant(const Node& request);
Result<Request> participants(const Node& request);
Result<Request> move_to_queue(const Node& request);
Result<Request> remove_from_queue(const Node& request);

}  // namespace patchbay::ecss::call_requests
