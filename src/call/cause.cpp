#include "call/cause.hpp"

#include <algorithm>
#include <array>

namespace patchbay::call {
namespace {

constexpr std::array table{causes::hung_up,
                           causes::cleared,
                           causes::cancelled,
                           causes::busy,
                           causes::declined,
                           causes::refused,
                           causes::unavailable,
                           causes::rejected,
                           causes::not_acceptable,
                           causes::remote_failure,
                           causes::redirected,
                           causes::no_answer,
                           causes::no_response,
                           causes::no_such_number,
                           causes::not_registered,
                           causes::forbidden,
                           causes::too_many_hops,
                           causes::loop,
                           causes::no_such_dialog,
                           causes::no_media_port,
                           causes::overloaded,
                           causes::draining,
                           causes::transferred,
                           causes::conferenced,
                           causes::removed,
                           causes::transfer_cancelled,
                           causes::parked,
                           causes::replaced,
                           causes::answered_elsewhere,
                           causes::picked_up_elsewhere,
                           causes::feature_done,
                           causes::fax_done,
                           causes::supervision_ended,
                           causes::park_timeout,
                           causes::session_expired,
                           causes::media_lost,
                           causes::connection_lost,
                           causes::protocol_error,
                           causes::shutdown,
                           causes::restarted,
                           causes::unspecified};

Cause base_of_status(int status) {
    switch (status) {
        case 404:
        case 410:
        case 484:
        case 604:
            return causes::no_such_number;
        case 408:
            return causes::no_response;
        case 480:
            return causes::unavailable;
        case 482:
            return causes::loop;
        case 483:
            return causes::too_many_hops;
        case 486:
        case 600:
            return causes::busy;
        case 487:
            return causes::cancelled;
        case 415:
        case 488:
        case 606:
            return causes::not_acceptable;
        case 603:
            return causes::declined;
        case 504:
            return causes::no_response;
        default:
            break;
    }
    if (status >= 500 && status < 600) return causes::remote_failure;
    return status < 400 ? causes::redirected : causes::rejected;
}

}  // namespace

std::span<const Cause> all_causes() {
    return table;
}

std::optional<Cause> cause_named(std::string_view slug) {
    const auto* const found = std::ranges::find(table, slug, &Cause::slug);
    if (found == table.end()) return std::nullopt;
    return *found;
}

Cause cause_of_status(int sip_status) {
    auto cause = base_of_status(sip_status);
    cause.sip = sip_status;
    if (cause.by == CauseBy::system) cause.by = CauseBy::remote;
    return cause;
}

Cause passed_on(const Cause& cause) {
    auto other = cause;
    if (cause.by == CauseBy::remote || cause.by == CauseBy::api) other.by = CauseBy::local;
    return other;
}

}  // namespace patchbay::call
