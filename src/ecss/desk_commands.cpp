// The commands that the desk carries out: operators, queues, after-call work.
#include <algorithm>

#include <fmt/format.h>

#include "ecss/commands.hpp"
#include "ecss/desk_answers.hpp"

namespace patchbay::ecss {
namespace {

// Documented, of a login's number at which somebody else works.
constexpr const char* occupied = "Requested number is occupied";

Result<std::string> agent_of(const Caller& caller, const DeskRequest& request) {
    switch (request.right) {
        case Right::own:
            return acting_for(caller, request.agent_id);
        case Right::supervisor:
            return supervising(caller, request.agent_id);
        case Right::any_boss:
            if (const auto may = supervising(caller, {}); !may) return may.error();
            break;
        case Right::anybody:
            break;
    }
    return request.agent_id;
}

std::function<void(Result<acd::Outcome>)> ok_or_error(const CommandKind& kind, Commands::Reply reply) {
    return [&kind, reply = std::move(reply)](const Result<acd::Outcome>& outcome) {
        reply(outcome ? ok_answer(kind.name) : error_answer(kind.name, outcome.error()));
    };
}

}  // namespace

void Commands::submit_to_desk(std::string_view domain, acd::Action action, acd::Reply reply) {
    if (doors_.desk == nullptr) {
        return reply(Error{"cannot_perform_cmd", "This server has no operators and queues."});
    }
    doors_.desk->submit({std::string(domain), std::move(action), dialect}, std::move(reply));
}

void Commands::run(const Caller& caller, const CommandKind& kind, DeskRequest request, Reply reply) {
    auto agent = agent_of(caller, request);
    if (!agent) return reply(error_answer(kind.name, agent.error()));
    submit_to_desk(
        caller.domain->name, request.action(std::move(*agent), std::move(request.detail)),
        [&kind, show = request.show, reply = std::move(reply)](const Result<acd::Outcome>& outcome) {
            if (!outcome) return reply(error_answer(kind.name, outcome.error()));
            reply(show == nullptr ? ok_answer(kind.name) : show(kind.name, *outcome));
        });
}

void Commands::run(const Caller& caller, const CommandKind& kind, const CompleteRequest& request,
                   Reply reply) {
    const auto operator_id = acting_for(caller, request.operator_id);
    if (!operator_id) return reply(error_answer(kind.name, operator_id.error()));
    if (!request.conversation) return complete(caller.domain->name, kind, *operator_id, false, reply);
    submit(caller, *operator_id, call::Clear{request.conversation},
           [this, domain = caller.domain->name, &kind, who = *operator_id, reply = std::move(reply)](
               const Result<call::Outcome>& released) { complete(domain, kind, who, released.ok(), reply); });
}

// `released`: the conversation was ended just now, which is enough where no after-call work follows.
void Commands::complete(const std::string& domain, const CommandKind& kind, const std::string& operator_id,
                        bool released, const Reply& reply) {
    submit_to_desk(domain, acd::Complete{operator_id},
                   [&kind, released, reply](const Result<acd::Outcome>& outcome) {
                       const bool done = outcome || released;
                       reply(done ? ok_answer(kind.name) : error_answer(kind.name, outcome.error()));
                   });
}

void Commands::run(const Caller& caller, const CommandKind& kind, const QueuesRequest& request, Reply reply) {
    submit_to_desk(caller.domain->name, acd::ListQueues{request.queue_id},
                   [this, &kind, domain = caller.domain->name, queue = request.queue_id,
                    reply = std::move(reply)](const Result<acd::Outcome>& queues) {
                       if (!queues) return reply(error_answer(kind.name, queues.error()));
                       submit_to_desk(
                           domain, acd::ListWaiting{queue},
                           [&kind, reply, queues = queues->queues](const Result<acd::Outcome>& waiting) {
                               if (!waiting) return reply(error_answer(kind.name, waiting.error()));
                               reply(all_queues_answer(queues, waiting->waiting));
                           });
                   });
}

// An operator's own conversation goes by its scope; a waiting caller, who is nobody's, by a supervisor.
void Commands::run(const Caller& caller, const CommandKind& kind, const EnqueueRequest& request,
                   Reply reply) {
    const auto operator_id = acting_for(caller, request.operator_id);
    if (!operator_id) return reply(error_answer(kind.name, operator_id.error()));
    submit(caller, *operator_id, call::Find{request.conversation},
           [this, domain = caller.domain->name, &kind, request, supervisor = caller.person->supervisor,
            reply = std::move(reply)](const Result<call::Outcome>& found) {
               if (found) {
                   submit_to_desk(domain, acd::MoveToQueue{request.conversation, request.queue_id},
                                  ok_or_error(kind, reply));
               } else if (supervisor) {
                   move_waiting(domain, kind, request, reply);
               } else {
                   reply(error_answer(kind.name, found.error()));
               }
           });
}

void Commands::move_waiting(const std::string& domain, const CommandKind& kind, const EnqueueRequest& request,
                            const Reply& reply) {
    submit_to_desk(
        domain, acd::ListWaiting{},
        [this, domain, &kind, request, reply](const Result<acd::Outcome>& listed) {
            const bool waits = listed && std::ranges::find(listed->waiting, request.conversation,
                                                           &acd::WaitingView::leg) != listed->waiting.end();
            if (waits) {
                return submit_to_desk(domain, acd::MoveToQueue{request.conversation, request.queue_id},
                                      ok_or_error(kind, reply));
            }
            reply(error_answer(kind.name, {"cannot_perform_cmd", fmt::format("There is no conversation '{}'.",
                                                                             request.conversation.text())}));
        });
}

void Commands::run(const Caller& caller, const CommandKind& kind, const DequeueRequest& request,
                   Reply reply) {
    if (const auto may = supervising(caller, {}); !may) return reply(error_answer(kind.name, may.error()));
    submit_to_desk(caller.domain->name, acd::RemoveFromQueue{request.conversation, request.to_number},
                   ok_or_error(kind, std::move(reply)));
}

void Commands::seat(const Caller& caller, const std::string& number, std::function<void(Result<Done>)> done) {
    if (doors_.desk == nullptr) {
        return submit(caller, caller.person->id, call::Seat{caller.person->id, number},
                      [done = std::move(done)](const Result<call::Outcome>& outcome) {
                          done(outcome ? Result<Done>{Done{}} : Result<Done>{outcome.error()});
                      });
    }
    submit_to_desk(caller.domain->name, acd::Login{caller.person->id, number},
                   [done = std::move(done)](const Result<acd::Outcome>& outcome) {
                       if (outcome) return done(Done{});
                       const auto& [code, text] = outcome.error();
                       if (code == acd::refusal::number_taken) return done(Error{"not_authorized", occupied});
                       const bool is_here = code == acd::refusal::already_logged_in;
                       done(is_here ? Error{"not_authorized", text} : outcome.error());
                   });
}

}  // namespace patchbay::ecss
