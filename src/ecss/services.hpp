// What both transports share.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ecss/access.hpp"
#include "ecss/commands.hpp"
#include "ecss/conversation_feed.hpp"
#include "ecss/meters.hpp"
#include "ecss/routes.hpp"
#include "ecss/schemas.hpp"

namespace patchbay::ecss {

/// The longest request that is read, in bytes. The longest that makes sense is some 2 KB.
inline constexpr std::size_t longest_request = std::size_t{64} * 1024;

/// One for the dialect; any thread.
struct Services {
    explicit Services(Dependencies dependencies)
        : schemas(dependencies.schemas),
          access(std::move(dependencies.config), std::move(dependencies.ticks), dependencies.idle_timeout),
          commands(dependencies.gateway, dependencies.history,
                   HistoryTags(std::move(dependencies.tag_secret)), std::move(dependencies.now)),
          feed(dependencies.feed) {}

    /// Checks the password and, when the request has a number, seats the operator there. `done` is called
    /// once, on any thread.
    void log_in(std::string_view domain, const LoginRequest& request, std::string_view address,
                std::function<void(Result<Caller>)> done);

    const Schemas schemas;
    Access access;
    Commands commands;
    ConversationFeed feed;
    Meters meters;
};

}  // namespace patchbay::ecss
