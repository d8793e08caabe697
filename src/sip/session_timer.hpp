// Session timers (RFC 4028) as decisions on values: who refreshes, how often, when a session is dead. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "config/config.hpp"

namespace patchbay::sip {

/// What one message says of the session timer.
struct SessionWish {
    std::optional<Seconds> expires;  ///< Session-Expires
    std::string refresher;           ///< its refresher parameter: "uac", "uas" or empty
    Seconds min_se{0};               ///< Min-SE; 0: not said
    bool supported = false;          ///< the sender supports the extension
};

/// What both sides keep to.
struct SessionTerms {
    Seconds interval{1800};
    bool we_refresh = true;
    bool peer_supports = false;  ///< it ends the session itself when we do not refresh
};

/// A request's wish, judged by its server: terms, or 422 with our Min-SE (section 9).
struct SessionVerdict {
    bool too_small = false;
    SessionTerms terms;
};
SessionVerdict judge_session(const SessionWish& wish, const config::Sip& ours);

/// What a 2xx settles for the client that asked (section 7.2). `asked`: the interval in our request.
SessionTerms settle_session(const SessionWish& answer, Seconds asked);

/// When the refresher refreshes, and when the other side gives up, counted from the last refresh.
Milliseconds refresh_after(const SessionTerms& terms);
Milliseconds expires_after(const SessionTerms& terms);

/// The value of Session-Expires; `we_are_client`: in a request of ours, or in an answer to theirs.
std::string session_expires(const SessionTerms& terms, bool we_are_client);

}  // namespace patchbay::sip
