// Our own changes within the dialog: a codec, a phone called back from hold, the session's refresh.
#include <algorithm>

#include "call/cause.hpp"
#include "sip/common_headers.hpp"
#include "sip/leg.hpp"

namespace patchbay::sip {

namespace {

constexpr Seconds longest_retry_after{10};

Milliseconds retry_after(const sip_t* message) {
    if (message == nullptr || message->sip_retry_after == nullptr) return Milliseconds{0};
    const auto asked =
        std::min(message->sip_retry_after->af_delta, static_cast<sip_time_t>(longest_retry_after.count()));
    return Seconds(asked);
}

}  // namespace

void Leg::renegotiate(LegId like, bool retrieve) {
    if (stage_ != Stage::connected) return;
    updates_.want({.offer = true, .like = like, .retrieve = retrieve, .refresh = false});
    run_updates();
}

void Leg::run_updates() {
    // One INVITE at a time, in either direction.
    if (stage_ != Stage::connected || invite_ != nullptr) return;
    while (const auto update = updates_.next()) {
        start_update(*update);
        if (update_) return;
        updates_.done();
    }
}

std::vector<media::Codec> Leg::codec_to_change_to(LegId like) const {
    const auto& agreed = dialog_->exchange.agreed();
    const auto wanted = core_.usable_by(like);
    if (!agreed || wanted.empty() || wanted.front() == agreed->remote.format.codec) return {};
    const auto mine = dialog_->exchange.usable();
    if (std::ranges::find(mine, wanted.front()) == mine.end()) return {};
    return {wanted.front()};
}

void Leg::start_update(const Update& update) {
    if (update.t38) return offer_t38();
    const auto prefer = update.offer ? codec_to_change_to(update.like) : std::vector<media::Codec>{};
    const bool come_back = update.retrieve && held_;
    const bool needs_offer = !prefer.empty() || come_back;
    if (!needs_offer && !update.refresh) return;
    if (!needs_offer && dialog_->can.update) return send_update({});
    std::optional<sdp::Direction> direction;
    if (come_back) direction = sdp::Direction::sendrecv;
    if (core_.knows_noise(update.like)) dialog_->exchange.offer_noise();
    const auto offer = dialog_->exchange.offer(local_media(), prefer, direction);
    if (offer) send_update(*offer);
}

void Leg::offer_t38() {
    const auto& agreed = dialog_->exchange.agreed();
    // Encrypted audio is not changed for a fax that all could read.
    if (!agreed || agreed->remote.t38 || !agreed->remote.protection.none()) return;
    if (const auto offer = dialog_->exchange.offer_t38(local_media())) send_update(*offer);
}

void Leg::send_update(const std::string& offer, const std::optional<Header>& proof) {
    update_is_invite_ = !offer.empty();
    auto built = builder();
    common_headers(built, *dialog_);
    add_session_headers(built, true);
    built.header(sip_min_se_class, std::to_string(core_.config->sip.min_session_expires.count()))
        .body("application/sdp", offer);
    if (proof) built.header(proof->name, proof->value);
    update_ = std::make_unique<Pending>(*this, &Leg::on_update_response);
    auto* transaction =
        update_is_invite_ ? built.send(dialog_->nta(), SIP_METHOD_INVITE, update_.get(), dialog_->next_hop())
                          : built.send(dialog_->nta(), SIP_METHOD_UPDATE, update_.get(), dialog_->next_hop());
    if (transaction != nullptr) return update_->adopt(transaction);
    update_.reset();
    if (update_is_invite_) dialog_->exchange.withdraw();
}

void Leg::on_update_response(int status, const sip_t* message) {
    const auto request = std::move(update_);
    if (status < 300 && message != nullptr) {
        if (update_is_invite_) dialog_->acknowledge(nta_outgoing_cseq(request->transaction()));
        if (credentials_) credentials_->accepted();
        update_succeeded(*message);
    } else if (const auto proof = proof_for(request->transaction(), status, message)) {
        send_update(update_is_invite_ ? dialog_->exchange.local_body() : std::string{}, proof);
        if (!update_) updates_.done();
    } else {
        update_refused(status, message);
    }
    if (stage_ == Stage::connected) run_updates();
    finish_if_idle();
}

void Leg::update_succeeded(const sip_t& message) {
    const bool retrieve = updates_.current() && updates_.current()->retrieve;
    updates_.done();
    dialog_->refresh(message, nullptr);
    terms_ = settle_session(session_wish(message), terms_.interval);
    arm_session();
    if (!update_is_invite_) return;
    if (dialog_->exchange.receive_answer(sdp_of(message))) {
        connect_media(*dialog_);
    } else {
        dialog_->exchange.withdraw();
    }
    report_hold(retrieve);
}

void Leg::update_refused(int status, const sip_t* message) {
    const bool retrieve = updates_.current() && updates_.current()->retrieve;
    if (update_is_invite_) dialog_->exchange.withdraw();
    if (status == 408 || status == 481) {
        // The dialog is gone (RFC 3261, section 12.2.1.2).
        const auto cause = status == 408 ? call::causes::no_response : call::causes::connection_lost;
        send_bye(cause);
        return report_end(cause);
    }
    if (status == 422 && message != nullptr && message->sip_min_se != nullptr &&
        Seconds(message->sip_min_se->min_delta) > terms_.interval) {
        terms_.interval = Seconds(message->sip_min_se->min_delta);
        updates_.glare();
        updates_.resume();
        return;
    }
    const auto wait = status == 491 ? glare_delay(dialog_->ours, core_.chance()) : retry_after(message);
    if (wait > Milliseconds{0}) {
        updates_.glare();
        core_.timers.cancel(glare_timer_);
        glare_timer_ = core_.timers.after(wait, [this] {
            updates_.resume();
            run_updates();
        });
        return;
    }
    updates_.done();
    // It answered, so it lives: the session goes on as it was.
    arm_session();
    report_hold(retrieve);
}

}  // namespace patchbay::sip
