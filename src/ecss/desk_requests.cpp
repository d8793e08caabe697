#include "ecss/desk_requests.hpp"

#include "ecss/desk_answers.hpp"

namespace patchbay::ecss::desk_requests {
namespace {

using ActionOf = acd::Action (*)(std::string&& agent_id, std::string&& detail);

// A command about one operator. Its attributes are on the child of its name, which may be left out.
Request about_operator(const Node& request, Right right, std::string_view detail, ActionOf action) {
    static const Node nothing;
    const Node& element = request.content.empty() ? nothing : request.content.front();
    return DeskRequest{right, std::string(element.attribute("agent_id")),
                       std::string(detail.empty() ? detail : element.attribute(detail)), action};
}

// The attributes are on `request` itself.
Request on_request(const Node& request, Right right, std::string_view detail, ActionOf action,
                   Answer (*show)(std::string_view, const acd::Outcome&)) {
    return DeskRequest{right, std::string(request.attribute("agent_id")),
                       std::string(detail.empty() ? detail : request.attribute(detail)), action, show};
}

}  // namespace

Result<Request> login_agent(const Node& request) {
    return about_operator(request, Right::own, "number",
                          [](std::string&& who, std::string&& number) -> acd::Action {
                              return acd::Login{std::move(who), std::move(number)};
                          });
}
Result<Request> logout_agent(const Node& request) {
    return about_operator(request, Right::own, {}, [](std::string&& who, std::string&&) -> acd::Action {
        return acd::Logout{std::move(who)};
    });
}
Result<Request> make_available(const Node& request) {
    return about_operator(request, Right::own, {}, [](std::string&& who, std::string&&) -> acd::Action {
        return acd::MakeAvailable{std::move(who)};
    });
}
Result<Request> auxwork(const Node& request) {
    return about_operator(request, Right::own, "reason",
                          [](std::string&& who, std::string&& why) -> acd::Action {
                              return acd::Auxwork{std::move(who), std::move(why)};
                          });
}
Result<Request> force_logout(const Node& request) {
    return about_operator(
        request, Right::supervisor, {},
        [](std::string&& who, std::string&&) -> acd::Action { return acd::ForceLogout{std::move(who)}; });
}
Result<Request> block_operator(const Node& request) {
    return on_request(
        request, Right::supervisor, {},
        [](std::string&& who, std::string&&) -> acd::Action {
            return acd::Block{std::move(who), {}};
        },
        nullptr);
}
Result<Request> unblock_operator(const Node& request) {
    return on_request(
        request, Right::supervisor, {},
        [](std::string&& who, std::string&&) -> acd::Action { return acd::Unblock{std::move(who)}; },
        nullptr);
}
Result<Request> add_to_queue(const Node& request) {
    return about_operator(request, Right::supervisor, "queue_id",
                          [](std::string&& who, std::string&& queue) -> acd::Action {
                              return acd::JoinQueue{std::move(who), std::move(queue)};
                          });
}
Result<Request> remove_from_queue(const Node& request) {
    return about_operator(request, Right::supervisor, "queue_id",
                          [](std::string&& who, std::string&& queue) -> acd::Action {
                              return acd::LeaveQueue{std::move(who), std::move(queue)};
                          });
}
Result<Request> agent_list(const Node& request) {
    return on_request(
        request, Right::anybody, {},
        [](std::string&& who, std::string&&) -> acd::Action {
            return acd::ListOperators{std::move(who), {}};
        },
        agent_list_answer);
}
Result<Request> agents_list(const Node& request) {
    return on_request(
        request, Right::anybody, "group",
        [](std::string&& who, std::string&& group) -> acd::Action {
            return acd::ListOperators{std::move(who), std::move(group)};
        },
        agents_list_answer);
}
Result<Request> group_list(const Node& request) {
    return on_request(
        request, Right::anybody, {},
        [](std::string&&, std::string&&) -> acd::Action { return acd::ListGroups{}; }, group_list_answer);
}
Result<Request> queue_statistics(const Node& request) {
    return on_request(
        request, Right::any_boss, "queue_id",
        [](std::string&&, std::string&& queue) -> acd::Action {
            return acd::ListFigures{acd::ListFigures::Of::queues, std::move(queue)};
        },
        queue_statistics_answer);
}
Result<Request> agent_statistics(const Node& request) {
    return on_request(
        request, Right::any_boss, {},
        [](std::string&& who, std::string&&) -> acd::Action {
            return acd::ListFigures{acd::ListFigures::Of::operators, std::move(who)};
        },
        agent_statistics_answer);
}
Result<Request> all_queues(const Node& request) {
    return Request{QueuesRequest{std::string(request.attribute("queue_id"))}};
}

}  // namespace patchbay::ecss::desk_requests
