// The leg's session timer (RFC 4028): refreshed by us or by the other side, or the leg ends.
#include "call/cause.hpp"
#include "sip/common_headers.hpp"
#include "sip/leg.hpp"

namespace patchbay::sip {

void Leg::arm_session() {
    refreshed_ = core_.clock.ticks();
    core_.timers.cancel(session_timer_);
    const auto wait = terms_.we_refresh ? refresh_after(terms_) : expires_after(terms_);
    session_timer_ = core_.timers.after(wait, [this] { session_due(); });
}

void Leg::session_due() {
    if (stage_ != Stage::connected) return;
    const auto left = refreshed_ + expires_after(terms_) - core_.clock.ticks();
    if (left <= Milliseconds{0}) {
        send_bye(call::causes::session_expired);
        report_end(call::causes::session_expired);
        return finish_if_idle();
    }
    Update refresh;
    refresh.refresh = true;
    updates_.want(refresh);
    session_timer_ = core_.timers.after(left, [this] { session_due(); });
    run_updates();
}

}  // namespace patchbay::sip
