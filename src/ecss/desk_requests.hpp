// Readers of the requests about operators and queues. Each takes the element `request` of a valid document.
#pragma once

#include "ecss/requests.hpp"

namespace patchbay::ecss::desk_requests {

Result<Request> login_agent(const Node& request);
Result<Request> logout_agent(const Node& request);
Result<Request> make_available(const Node& request);
Result<Request> auxwork(const Node& request);
Result<Request> force_logout(const Node& request);
Result<Request> block_operator(const Node& request);
Result<Request> unblock_operator(const Node& request);
Result<Request> add_to_queue(const Node& request);
Result<Request> remove_from_queue(const Node& request);
Result<Request> agent_list(const Node& request);
Result<Request> agents_list(const Node& request);
Result<Request> group_list(const Node& request);
Result<Request> all_queues(const Node& request);
Result<Request> queue_statistics(const Node& request);
Result<Request> agent_statistics(const Node& request);

}  // namespace patchbay::ecss::desk_requests
