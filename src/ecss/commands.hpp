// Carries requests out: with the switch or the history.
#pragma once

#include <functional>
#include <string_view>

#include "call/command.hpp"
#include "ecss/access.hpp"
#include "ecss/answers.hpp"
#include "ecss/history_filter.hpp"
#include "ecss/requests.hpp"
#include "history/store.hpp"

namespace patchbay::ecss {

/// Any thread. The gateway and the reader outlive it.
class Commands {
  public:
    /// Called exactly once, on any thread; must not block.
    using Reply = std::function<void(Answer)>;

    Commands(call::Gateway& gateway, history::Reader& history, HistoryTags tags, std::function<Time()> now)
        : gateway_(gateway), history_(history), tags_(std::move(tags)), now_(std::move(now)) {}

    void run(const Caller& caller, const CommandKind& kind, SwitchRequest request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, const ConversationsRequest& request, Reply reply);
    void run(const Caller& caller, const CommandKind& kind, const HistoryRequest& request, Reply reply);

    /// The caller works at that number from now on.
    void seat(const Caller& caller, const std::string& number, std::function<void(Result<Done>)> done);

  private:
    call::Gateway& gateway_;
    history::Reader& history_;
    const HistoryTags tags_;
    const std::function<Time()> now_;
};

}  // namespace patchbay::ecss
