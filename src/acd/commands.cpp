#include "acd/commands.hpp"

#include "acd/line.hpp"
#include "acd/seats.hpp"
#include "acd/views.hpp"

namespace patchbay::acd {
namespace {

Error refuse(std::string_view code, std::string text) {
    return {std::string(code), std::move(text)};
}

class Visitor {
  public:
    Visitor(Core& core, Office& office) : core_(core), office_(office) {}

    Result<Outcome> operator()(const Login& command) const {
        return about(command.operator_id,
                     [&](OperatorRecord& person) { return log_in(core_, office_, person, command); });
    }
    Result<Outcome> operator()(const Logout& command) const {
        return about(command.operator_id, [&](OperatorRecord& person) { return log_out(core_, person); });
    }
    Result<Outcome> operator()(const ForceLogout& command) const {
        return about(command.operator_id, [&](OperatorRecord& person) -> Result<Done> {
            end_session(core_, person);
            return Done{};
        });
    }
    Result<Outcome> operator()(const MakeAvailable& command) const {
        return about(command.operator_id,
                     [&](OperatorRecord& person) { return make_available(core_, person); });
    }
    Result<Outcome> operator()(const Auxwork& command) const {
        return about(command.operator_id,
                     [&](OperatorRecord& person) { return take_break(core_, person, command.reason); });
    }
    Result<Outcome> operator()(const Block& command) const {
        return about(command.operator_id,
                     [&](OperatorRecord& person) { return block(core_, person, command.reason); });
    }
    Result<Outcome> operator()(const Unblock& command) const {
        return about(command.operator_id, [&](OperatorRecord& person) { return unblock(core_, person); });
    }
    Result<Outcome> operator()(const Complete& command) const {
        return about(command.operator_id, [&](OperatorRecord& person) { return complete(core_, person); });
    }
    Result<Outcome> operator()(const JoinQueue& command) const {
        return change_queue(command.operator_id, command.queue, true);
    }
    Result<Outcome> operator()(const LeaveQueue& command) const {
        return change_queue(command.operator_id, command.queue, false);
    }
    Result<Outcome> operator()(const MoveToQueue& command) const {
        const auto* queue = office_.queue(command.queue);
        if (queue == nullptr) return no_such_queue(command.queue);
        const auto most = static_cast<std::size_t>(queue->settings.length);
        if (most > 0 && queue->waiting.size() >= most) {
            return refuse(refusal::queue_full, "queue " + queue->settings.id + " is full");
        }
        const auto moved = core_.command(office_.name, call::Enqueue{command.leg, queue->settings.id});
        if (!moved) return moved.error();
        Outcome outcome;
        const auto caller = core_.waiting.find(moved->legs.back().id);
        if (caller != core_.waiting.end()) outcome.waiting.push_back(view(*caller->second));
        return outcome;
    }
    Result<Outcome> operator()(const RemoveFromQueue& command) const {
        const auto found = core_.waiting.find(command.leg);
        if (found == core_.waiting.end() || found->second->queue->domain != office_.name) {
            return refuse(call::refusal::no_such_leg, "no leg " + command.leg.text() + " waits in a queue");
        }
        // Who cannot be sent there keeps the place.
        const Result<Done> sent =
            command.to.empty() ? Done{} : send_to(core_, office_.name, command.leg, command.to);
        if (!sent) return sent.error();
        leave_queue(core_, *found->second, Leaving::moved, nullptr, command.to);
        if (command.to.empty()) core_.clear(office_.name, command.leg);
        return Outcome{};
    }
    Result<Outcome> operator()(const ListOperators& command) const {
        if (!command.operator_id.empty() && office_.person(command.operator_id) == nullptr) {
            return no_such_operator(command.operator_id);
        }
        Outcome outcome;
        outcome.operators = list_operators(core_, office_, command.operator_id, command.group);
        return outcome;
    }
    Result<Outcome> operator()(const ListGroups&) const {
        Outcome outcome;
        outcome.groups = list_groups(office_);
        return outcome;
    }
    Result<Outcome> operator()(const ListQueues& command) const {
        if (!command.queue.empty() && office_.queue(command.queue) == nullptr) {
            return no_such_queue(command.queue);
        }
        Outcome outcome;
        outcome.queues = list_queues(core_, office_, command.queue);
        return outcome;
    }
    Result<Outcome> operator()(const ListWaiting& command) const {
        if (!command.queue.empty() && office_.queue(command.queue) == nullptr) {
            return no_such_queue(command.queue);
        }
        Outcome outcome;
        outcome.waiting = list_waiting(office_, command.queue);
        return outcome;
    }
    Result<Outcome> operator()(const ListFigures& command) const {
        Outcome outcome;
        if (command.of == ListFigures::Of::queues) {
            if (!command.id.empty() && office_.queue(command.id) == nullptr) return no_such_queue(command.id);
            outcome.queue_figures = queue_figures(core_, office_, command.id);
        } else {
            if (!command.id.empty() && office_.person(command.id) == nullptr) {
                return no_such_operator(command.id);
            }
            outcome.operator_figures = operator_figures(core_, office_, command.id);
        }
        return outcome;
    }

  private:
    template <typename Do>
    Result<Outcome> about(const std::string& operator_id, Do action) const {
        auto* person = office_.person(operator_id);
        if (person == nullptr) return no_such_operator(operator_id);
        const Result<Done> done = action(*person);
        if (!done) return done.error();
        Outcome outcome;
        outcome.operators.push_back(view(*person));
        return outcome;
    }

    Result<Outcome> change_queue(const std::string& operator_id, const std::string& queue_id,
                                 bool joins) const {
        auto* queue = office_.queue(queue_id);
        if (queue == nullptr) return no_such_queue(queue_id);
        return about(operator_id, [&](OperatorRecord& person) {
            return join_queue(core_, office_, person, *queue, joins);
        });
    }

    static Error no_such_operator(const std::string& id) {
        return refuse(refusal::no_such_operator, "there is no operator " + id);
    }
    static Error no_such_queue(const std::string& id) {
        return refuse(refusal::no_such_queue, "there is no queue " + id);
    }

    Core& core_;
    Office& office_;
};

}  // namespace

Result<Outcome> carry_out(Core& core, const Command& command) {
    auto* office = core.roster.office(command.domain);
    if (office == nullptr) return refuse(refusal::no_such_domain, "there is no domain " + command.domain);
    return std::visit(Visitor(core, *office), command.action);
}

}  // namespace patchbay::acd
