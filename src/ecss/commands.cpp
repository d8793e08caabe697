#include "ecss/commands.hpp"

namespace patchbay::ecss {
namespace {

constexpr std::string_view dialect = "ecss";

}  // namespace

void Commands::run(const Caller& caller, const CommandKind& kind, SwitchRequest request, Reply reply) {
    auto operator_id = acting_for(caller, request.operator_id);
    if (!operator_id) return reply(error_answer(kind.name, operator_id.error()));
    gateway_.submit(
        {.scope = {.domain = caller.domain->name, .number = {}, .operator_id = std::move(*operator_id)},
         .action = std::move(request.action),
         .dialect = dialect},
        [&kind, reply = std::move(reply)](const Result<call::Outcome>& outcome) {
            reply(outcome ? ok_answer(kind.name) : error_answer(kind.name, outcome.error()));
        });
}

void Commands::run(const Caller& caller, const CommandKind& kind, const ConversationsRequest& request,
                   Reply reply) {
    auto operator_id = acting_for(caller, request.operator_id);
    if (!operator_id) return reply(error_answer(kind.name, operator_id.error()));
    gateway_.submit(
        {.scope = {.domain = caller.domain->name, .number = {}, .operator_id = std::move(*operator_id)},
         .action = call::List{},
         .dialect = dialect},
        [&kind, reply = std::move(reply)](const Result<call::Outcome>& outcome) {
            reply(outcome ? conversations_answer(outcome->legs) : error_answer(kind.name, outcome.error()));
        });
}

void Commands::run(const Caller& caller, const CommandKind& kind, const HistoryRequest& request,
                   Reply reply) {
    auto query = tags_.read(request.filters, caller.domain->name, caller.person->id);
    if (!query) return reply(error_answer(kind.name, query.error()));
    auto filter = query->filter;
    history_.query(std::move(filter), [this, &kind, reply = std::move(reply), query = std::move(*query),
                                       given = std::string(request.filters.attribute("tag"))](
                                          const Result<history::Page>& page) {
        if (!page) return reply(error_answer(kind.name, page.error()));
        // Nothing more: the same tag asks for the same place again.
        const auto tag = page->records.empty() ? given : tags_.write(query, page->records.back());
        reply(history_answer(page->records, tag, now_()));
    });
}

void Commands::seat(const Caller& caller, const std::string& number, std::function<void(Result<Done>)> done) {
    gateway_.submit({.scope = {.domain = caller.domain->name, .number = {}, .operator_id = caller.person->id},
                     .action = call::Seat{caller.person->id, number},
                     .dialect = dialect},
                    [done = std::move(done)](const Result<call::Outcome>& outcome) {
                        done(outcome ? Result<Done>{Done{}} : Result<Done>{outcome.error()});
                    });
}

}  // namespace patchbay::ecss
