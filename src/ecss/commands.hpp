// Carries requests out: with the switch, the desk or the history.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "acd/gateway.hpp"
#include "call/command.hpp"
#include "ecss/access.hpp"
#include "ecss/answers.hpp"
#include "ecss/conversation_feed.hpp"
#include "ecss/history_filter.hpp"
#include "ecss/requests.hpp"
#include "history/store.hpp"

namespace patchbay::ecss {

/// What the commands are carried out with. All outlive them.
struct Doors {
    call::Gateway& gateway;
    acd::Gateway* desk;  ///< null: no operators and queues are served
    history::Reader& history;
    ConversationFeed& conversations;
};

/// Any thread.
class Commands {
  public:
    /// Called exactly once, on any thread; must not block.
    using Reply = std::function<void(Answer)>;

    Commands(Doors doors, HistoryTags tags, std::function<Time()> now)
        : doors_(doors), tags_(std::move(tags)), now_(std::move(now)) {}

    // commands.cpp: calls and history
    /// Asks the switch, as the operator for whom the caller may act.
    void act(const Caller& caller, SwitchRequest request, call::Reply reply);
    void run(const Caller& caller, const CommandKind& kind, SwitchRequest request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, const ConversationsRequest& request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, const SuperviseRequest& request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, ParticipantsRequest request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, const HistoryRequest& request, Reply reply);

    // desk_commands.cpp: operators and queues
    void run(const Caller& caller, const CommandKind& kind, DeskRequest request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, const CompleteRequest& request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, const QueuesRequest& request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, const EnqueueRequest& request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, const DequeueRequest& request, Reply reply);
    /// The caller works at that number from now on.
    void seat(const Caller& caller, const std::string& number, std::function<void(Result<Done>)> done);

  private:
    struct Adding;

    void submit(const Caller& caller, std::string operator_id, call::Action action, call::Reply reply);
    void add_next(const std::shared_ptr<Adding>& adding);
    void submit_to_desk(std::string_view domain, acd::Action action, acd::Reply reply);
    void complete(const std::string& domain, const CommandKind& kind, const std::string& operator_id,
                  bool released, const Reply& reply);
    void move_waiting(const std::string& domain, const CommandKind& kind, const EnqueueRequest& request,
                      const Reply& reply);

    const Doors doors_;
    const HistoryTags tags_;
    const std::function<Time()> now_;
};

/// The name of this dialect in metrics and the log.
inline constexpr std::string_view dialect = "ecss";

}  // namespace patchbay::ecss
