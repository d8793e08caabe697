#include "ecss/commands.hpp"

#include <fmt/format.h>

#include "ecss/call_answers.hpp"

namespace patchbay::ecss {
namespace {

Error cannot(std::string text) {
    return Error{"cannot_perform_cmd", std::move(text)};
}

// A supervisor sees the calls of the group; of no group, all of the domain.
Result<Done> restrict_to_group(const Caller& caller, history::Filter& filter) {
    const auto& group = caller.person->group;
    filter.operator_id.clear();
    // What is "in" and "out" is the operator's view; a record shows the call from neither side.
    if (filter.direction) {
        auto& side = *filter.direction == call::Direction::in ? filter.group_b : filter.group_a;
        if (side.empty()) side = group;
    } else if (filter.group.empty()) {
        filter.group = group;
    }
    filter.direction.reset();
    filter.shown = true;
    for (const auto* named : {&filter.group, &filter.group_a, &filter.group_b}) {
        if (group.empty() || named->empty() || *named == group) continue;
        return cannot(fmt::format("Only the calls of group '{}' are shown to its supervisors.", group));
    }
    return Done{};
}

}  // namespace

void Commands::submit(const Caller& caller, std::string operator_id, call::Action action, call::Reply reply) {
    doors_.gateway.submit(
        {.scope = {.domain = caller.domain->name, .number = {}, .operator_id = std::move(operator_id)},
         .action = std::move(action),
         .dialect = dialect},
        std::move(reply));
}

void Commands::act(const Caller& caller, SwitchRequest request, call::Reply reply) {
    auto operator_id = acting_for(caller, request.operator_id);
    if (!operator_id) return reply(operator_id.error());
    submit(caller, std::move(*operator_id), std::move(request.action), std::move(reply));
}

void Commands::run(const Caller& caller, const CommandKind& kind, SwitchRequest request, Reply reply) {
    const auto show = request.show;
    act(caller, std::move(request),
        [&kind, show, reply = std::move(reply)](const Result<call::Outcome>& outcome) {
            if (!outcome) return reply(error_answer(kind.name, outcome.error()));
            reply(show == nullptr ? ok_answer(kind.name) : show(kind.name, *outcome));
        });
}

void Commands::run(const Caller& caller, const CommandKind& kind, const ConversationsRequest& request,
                   Reply reply) {
    auto operator_id = acting_for(caller, request.operator_id);
    if (!operator_id) return reply(error_answer(kind.name, operator_id.error()));
    submit(caller, *operator_id, call::List{},
           [this, &kind, domain = caller.domain->name, who = *operator_id,
            reply = std::move(reply)](const Result<call::Outcome>& outcome) {
               if (!outcome) return reply(error_answer(kind.name, outcome.error()));
               auto conversations = doors_.conversations.conversations_of(outcome->legs);
               // What ended and is not finished is the desk's, not the switch's.
               if (auto last = doors_.conversations.unfinished(domain, who)) {
                   conversations.push_back(std::move(*last));
               }
               reply(conversations_answer(conversations));
           });
}

void Commands::run(const Caller& caller, const CommandKind& kind, const SuperviseRequest& request,
                   Reply reply) {
    if (!caller.person->supervisor)
        return reply(error_answer(kind.name, cannot("Only a supervisor may join others' conversations.")));
    call::Scope scope{.domain = caller.domain->name, .number = {}, .operator_id = request.operator_id};
    if (const auto may = acting_for(caller, request.operator_id); !may) {
        return reply(error_answer(kind.name, may.error()));
    }
    scope.group = caller.person->group;
    doors_.gateway.submit(
        {.scope = std::move(scope),
         .action = call::Supervise{request.conversation, {}, request.mode, caller.person->id},
         .dialect = dialect},
        [&kind, reply = std::move(reply)](const Result<call::Outcome>& outcome) {
            reply(outcome ? ok_answer(kind.name) : error_answer(kind.name, outcome.error()));
        });
}

// What is still to be added, and for whom.
struct Commands::Adding {
    Caller caller;
    const CommandKind& kind;
    std::string operator_id;
    std::vector<call::Action> additions;
    Reply reply;
    std::size_t next = 0;
};

void Commands::run(const Caller& caller, const CommandKind& kind, ParticipantsRequest request, Reply reply) {
    auto operator_id = acting_for(caller, request.operator_id);
    if (!operator_id) return reply(error_answer(kind.name, operator_id.error()));
    add_next(std::make_shared<Adding>(
        Adding{caller, kind, std::move(*operator_id), std::move(request.additions), std::move(reply)}));
}

void Commands::add_next(const std::shared_ptr<Adding>& adding) {
    if (adding->next == adding->additions.size()) return adding->reply(ok_answer(adding->kind.name));
    submit(adding->caller, adding->operator_id, std::move(adding->additions[adding->next++]),
           [this, adding](const Result<call::Outcome>& outcome) {
               if (outcome) return add_next(adding);
               adding->reply(error_answer(adding->kind.name, outcome.error()));
           });
}

void Commands::run(const Caller& caller, const CommandKind& kind, const HistoryRequest& request,
                   Reply reply) {
    if (request.of_group && !caller.person->supervisor) {
        return reply(error_answer(kind.name, cannot("Only a supervisor may see others' calls.")));
    }
    auto query = tags_.read(request.filters, caller.domain->name, caller.person->id, kind.name);
    if (!query) return reply(error_answer(kind.name, query.error()));
    if (request.of_group) {
        if (const auto may = restrict_to_group(caller, query->filter); !may) {
            return reply(error_answer(kind.name, may.error()));
        }
    }
    auto filter = query->filter;
    doors_.history.query(
        std::move(filter),
        [this, &kind, of_group = request.of_group, reply = std::move(reply), query = std::move(*query),
         config = caller.config,
         given = std::string(request.filters.attribute("tag"))](const Result<history::Page>& page) {
            if (!page) return reply(error_answer(kind.name, page.error()));
            // Nothing more: the same tag asks for the same place again.
            const auto tag = page->records.empty() ? given : tags_.write(query, page->records.back());
            reply(of_group ? call_records_answer(page->records, tag, now_(), config->http.external)
                           : history_answer(page->records, tag, now_(), config->http.external));
        });
}

}  // namespace patchbay::ecss
