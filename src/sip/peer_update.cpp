// What the other side changes within the dialog: re-INVITE and UPDATE, hold by the phone's own button.
#include "call/cause.hpp"
#include "sip/common_headers.hpp"
#include "sip/leg.hpp"
#include "sip/reason.hpp"
#include "sip/request_checks.hpp"

namespace patchbay::sip {

int Leg::take_offer(Dialog& dialog, std::string_view body, std::string& answer) {
    const auto taken = dialog.exchange.receive_offer(body);
    if (!taken) {
        core_.meters.refused(taken.error().code);
        return sip_status(taken.error());
    }
    auto written = dialog.exchange.answer(local_media());
    if (!written) {
        dialog.exchange.withdraw();
        return 500;
    }
    answer = std::move(*written);
    if (&dialog == dialog_.get()) connect_media(dialog);
    return 0;
}

int Leg::may_change(const Dialog& dialog, bool is_invite, bool has_offer) const {
    const bool confirmed = stage_ == Stage::connected && &dialog == dialog_.get();
    // RFC 3261, section 14.2: one INVITE of theirs at a time, and none while one of ours is open.
    if (is_invite && stage_ == Stage::called_us) return 500;
    if (is_invite && !confirmed) return 491;
    if (is_invite && invite_ != nullptr) return 500;
    if (update_ && update_is_invite_ && (is_invite || has_offer)) return 491;
    return 0;
}

int Leg::judge_change(const Dialog& dialog, nta_incoming_t* request, const sip_t& message, bool is_invite) {
    const auto body = sdp_of(message);
    if (const auto problem = problem_of(message)) {
        core_.meters.refused(problem->reason);
        refuse(request, problem->status, nullptr, problem->header);
        return problem->status;
    }
    if (const int status = may_change(dialog, is_invite, !body.empty()); status != 0) {
        core_.meters.refused(status == 491 ? "glare" : "pending");
        refuse(request, status);
        return status;
    }
    const auto verdict = judge_session(session_wish(message), core_.config->sip);
    if (!verdict.too_small) return 0;
    core_.meters.refused("session_interval");
    refuse(request, 422, nullptr,
           Header{"Min-SE", std::to_string(core_.config->sip.min_session_expires.count())});
    return 422;
}

int Leg::on_invite(Dialog& dialog, nta_incoming_t* request, const sip_t& message) {
    if (judge_change(dialog, request, message, true) != 0) {
        nta_incoming_destroy(request);
        return 0;
    }
    const auto body = sdp_of(message);
    std::string answer;
    int status = 0;
    if (!body.empty()) {
        status = take_offer(dialog, body, answer);
    } else if (auto offer = dialog.exchange.offer(local_media())) {
        answer = std::move(*offer);
    } else {
        status = 491;
    }
    if (status != 0) {
        refuse(request, status);
        nta_incoming_destroy(request);
        return 0;
    }
    refresh_target(dialog, request, message);
    terms_ = judge_session(session_wish(message), core_.config->sip).terms;
    invite_ = request;
    nta_incoming_bind(invite_, deliver_ack_cancel, this);
    confirm_change(request, answer);
    arm_session();
    report_hold(false);
    return 0;
}

int Leg::on_update(Dialog& dialog, nta_incoming_t* request, const sip_t& message) {
    if (judge_change(dialog, request, message, false) == 0) {
        const auto body = sdp_of(message);
        std::string answer;
        const int status = body.empty() ? 0 : take_offer(dialog, body, answer);
        if (status != 0) {
            refuse(request, status);
        } else {
            refresh_target(dialog, request, message);
            if (stage_ == Stage::connected) {
                terms_ = judge_session(session_wish(message), core_.config->sip).terms;
                arm_session();
            }
            confirm_change(request, answer);
            if (stage_ == Stage::connected) report_hold(false);
        }
    }
    nta_incoming_destroy(request);
    return 0;
}

void Leg::confirm_change(nta_incoming_t* request, const std::string& answer) {
    auto built = builder();
    if (dialog_) common_headers(built, *dialog_);
    if (stage_ == Stage::connected) add_session_headers(built, false);
    built.body("application/sdp", answer);
    core_.meters.sent(200);
    built.reply(request, 200, "OK");
}

void Leg::report_hold(bool always) {
    if (stage_ != Stage::connected || !dialog_->exchange.agreed()) return;
    const bool held = dialog_->exchange.agreed()->held;
    if (held == held_ && !always) return;
    held_ = held;
    core_.facts->hold_changed(id_, held);
}

}  // namespace patchbay::sip
