// Every cause there is, in one table: spec/causes.yaml documents the same slugs. Rooms take causes from here
// and never invent slugs, so that metrics, history and the log speak of the same things.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "call/types.hpp"

namespace patchbay::call {

namespace causes {
using enum CauseBy;
// Ordinary ends.
inline constexpr Cause hung_up{remote, 0, 16, "hung_up"};
inline constexpr Cause cleared{api, 0, 16, "cleared"};  ///< by a command
inline constexpr Cause cancelled{remote, 487, 16, "cancelled"};
// The called party did not take it.
inline constexpr Cause busy{remote, 486, 17, "busy"};
inline constexpr Cause declined{remote, 603, 21, "declined"};
inline constexpr Cause refused{api, 603, 21, "refused"};  ///< by a command
inline constexpr Cause unavailable{remote, 480, 20, "unavailable"};
inline constexpr Cause rejected{remote, 403, 21, "rejected"};  ///< any other refusal
inline constexpr Cause not_acceptable{remote, 488, 88, "not_acceptable"};
inline constexpr Cause remote_failure{remote, 500, 41, "remote_failure"};  ///< 5xx from the other side
inline constexpr Cause redirected{remote, 302, 23, "redirected"};
inline constexpr Cause no_answer{timeout, 480, 19, "no_answer"};
inline constexpr Cause no_response{timeout, 408, 18, "no_response"};  ///< no SIP answer at all
// It could not be rung.
inline constexpr Cause no_such_number{system, 404, 1, "no_such_number"};
inline constexpr Cause not_registered{system, 480, 20, "not_registered"};
inline constexpr Cause forbidden{system, 403, 21, "forbidden"};
inline constexpr Cause too_many_hops{system, 483, 25, "too_many_hops"};
inline constexpr Cause loop{system, 482, 25, "loop"};
inline constexpr Cause no_such_dialog{system, 481, 101, "no_such_dialog"};  ///< Replaces names none
inline constexpr Cause no_media_port{system, 503, 34, "no_media_port"};
inline constexpr Cause overloaded{system, 503, 42, "overloaded"};
inline constexpr Cause draining{system, 503, 42, "draining"};  ///< the server is about to stop
// The call went on without this leg.
inline constexpr Cause transferred{local, 0, 16, "transferred"};
inline constexpr Cause conferenced{local, 0, 16, "conferenced"};  ///< its call joined another
inline constexpr Cause removed{local, 0, 16, "removed"};          ///< from a conference, by a command
inline constexpr Cause transfer_cancelled{local, 487, 16, "transfer_cancelled"};
inline constexpr Cause parked{local, 0, 16, "parked"};
inline constexpr Cause replaced{local, 0, 16, "replaced"};  ///< another leg took its place
inline constexpr Cause answered_elsewhere{local, 200, 26, "answered_elsewhere"};
inline constexpr Cause picked_up_elsewhere{local, 200, 26, "picked_up_elsewhere"};
inline constexpr Cause feature_done{system, 0, 16, "feature_done"};  ///< a feature code was dialled
inline constexpr Cause fax_done{system, 0, 16, "fax_done"};          ///< its fax came, or came not
inline constexpr Cause supervision_ended{local, 0, 16, "supervision_ended"};
// Something gave out.
inline constexpr Cause park_timeout{timeout, 0, 19, "park_timeout"};
inline constexpr Cause session_expired{timeout, 408, 102, "session_expired"};  ///< RFC 4028, section 10
inline constexpr Cause media_lost{media, 0, 27, "media_lost"};
inline constexpr Cause connection_lost{remote, 0, 27, "connection_lost"};
inline constexpr Cause protocol_error{remote, 400, 111, "protocol_error"};
inline constexpr Cause shutdown{system, 503, 41, "shutdown"};
inline constexpr Cause restarted{system, 0, 41, "restarted"};  ///< the server came up anew after a crash
inline constexpr Cause unspecified{system, 0, 31, "unspecified"};
}  // namespace causes

/// All of them.
std::span<const Cause> all_causes();
/// The cause with that slug.
std::optional<Cause> cause_named(std::string_view slug);
/// What a final SIP status (300 to 699) from a called party means; the cause keeps the status itself.
Cause cause_of_status(int sip_status);
/// The cause as it reads for the other party's leg: what one side's party did becomes `local` there.
Cause passed_on(const Cause& cause);

}  // namespace patchbay::call
