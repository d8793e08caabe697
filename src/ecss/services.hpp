// What both transports share.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/key_file.hpp"
#include "base/result.hpp"
#include "ecss/access.hpp"
#include "ecss/commands.hpp"
#include "ecss/conversation_feed.hpp"
#include "ecss/desk_feed.hpp"
#include "ecss/meters.hpp"
#include "ecss/routes.hpp"
#include "ecss/schemas.hpp"

namespace patchbay::ecss {

/// The longest request that is read, in bytes. The longest that makes sense is some 2 KB.
inline constexpr std::size_t longest_request = std::size_t{64} * 1024;

/// The names that the configuration has now.
QueueName queue_names_of(std::function<config::ConfigPtr()> config);

/// One for the dialect; any thread.
struct Services {
    explicit Services(Dependencies dependencies)
        : schemas(dependencies.schemas),
          access(dependencies.config, std::move(dependencies.ticks), dependencies.idle_timeout),
          queue_name(queue_names_of(dependencies.config)),
          conversations(dependencies.feed, queue_name),
          desk(dependencies.desk, conversations),
          commands({dependencies.gateway, dependencies.desk, dependencies.history, conversations},
                   HistoryTags(load_key(dependencies.key_file)), std::move(dependencies.now)) {
        for (const auto& domain : dependencies.config()->domains) desk.open(domain.name);
    }

    /// Checks the password and, when the request has a number, seats the operator there. `done` is called
    /// once, on any thread.
    void log_in(std::string_view domain, const LoginRequest& request, std::string_view address,
                std::function<void(Result<Caller>)> done);

    /// After so long without doing anything the operator is logged out: as the domain says, else with the
    /// login session.
    Seconds auto_logout(const Caller& caller) const;

    const Schemas schemas;
    Access access;
    const QueueName queue_name;
    ConversationFeed conversations;
    DeskFeed desk;
    Commands commands;
    Meters meters;
};

}  // namespace patchbay::ecss
