#include "sip/session_timer.hpp"

#include <algorithm>

namespace patchbay::sip {

SessionVerdict judge_session(const SessionWish& wish, const config::Sip& ours) {
    SessionVerdict verdict;
    verdict.terms.peer_supports = wish.supported;
    if (!wish.expires) {
        // Nobody asked: we refresh on our own account, which a peer without the extension serves, too.
        verdict.terms.interval = std::max(ours.session_expires, wish.min_se);
        return verdict;
    }
    if (wish.supported && *wish.expires < ours.min_session_expires) {
        verdict.too_small = true;
        return verdict;
    }
    const auto shortest = std::max(ours.min_session_expires, wish.min_se);
    verdict.terms.interval = std::max(std::min(*wish.expires, ours.session_expires), shortest);
    verdict.terms.we_refresh = !wish.supported || wish.refresher == "uas";
    return verdict;
}

SessionTerms settle_session(const SessionWish& answer, Seconds asked) {
    SessionTerms terms;
    terms.peer_supports = answer.supported || answer.expires.has_value();
    terms.interval = answer.expires.value_or(asked);
    terms.we_refresh = !answer.expires || answer.refresher != "uas";
    return terms;
}

Milliseconds refresh_after(const SessionTerms& terms) {
    return Milliseconds(terms.interval) / 2;
}

Milliseconds expires_after(const SessionTerms& terms) {
    const Milliseconds interval(terms.interval);
    return interval - std::min(Milliseconds{32'000}, interval / 3);
}

std::string session_expires(const SessionTerms& terms, bool we_are_client) {
    return std::to_string(terms.interval.count()) +
           (terms.we_refresh == we_are_client ? ";refresher=uac" : ";refresher=uas");
}

}  // namespace patchbay::sip
