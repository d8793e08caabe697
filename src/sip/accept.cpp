// A leg that called us: its INVITE, provisional answers, 200, ACK, CANCEL.
#include "call/cause.hpp"
#include "sip/common_headers.hpp"
#include "sip/leg.hpp"
#include "sip/reason.hpp"

namespace patchbay::sip {

namespace {

constexpr Milliseconds trying_after{200};  ///< RFC 3261, section 17.2.1

bool takes_reliable(const sip_t& invite) {
    return lists(invite.sip_supported, "100rel") || lists(invite.sip_require, "100rel");
}

}  // namespace

bool Leg::take_invite(msg_t* message, const sip_t& invite, const Flow& flow, const SessionTerms& terms,
                      const MediaTerms& security) {
    dialog_ = std::make_unique<Dialog>(*this, core_.new_exchange(security), invite, flow);
    if (dialog_->nta() == nullptr) {
        core_.agent.reply_stateless(message, 400, "Bad Request");
        return false;
    }
    dialog_->contact =
        '<' + core_.agent.contact(number_of(*invite.sip_request->rq_url), flow.transport) + '>';
    dialog_->can.reliable = takes_reliable(invite);
    terms_ = terms;
    invite_ = nta_incoming_create(core_.agent.nta(), dialog_->nta(), message, sip_object(message), TAG_END());
    if (invite_ == nullptr) return false;
    stage_ = Stage::called_us;
    nta_incoming_bind(invite_, deliver_ack_cancel, this);
    const auto body = sdp_of(invite);
    if (!body.empty()) {
        const auto taken = dialog_->exchange.receive_offer(body);
        if (!taken) {
            const int status = sip_status(taken.error());
            core_.meters.refused(taken.error().code);
            refuse(invite_, status, status == 400 ? "Bad SDP" : nullptr);
            return false;
        }
    }
    trying_timer_ = core_.timers.after(trying_after, [this] { send_trying(); });
    return true;
}

/// A 100 tells the caller nothing that another answer has not told before.
void Leg::send_trying() {
    if (invite_ == nullptr || nta_incoming_status(invite_) >= 100) return;
    core_.meters.sent(100);
    nta_incoming_treply(invite_, SIP_100_TRYING, TAG_END());
}

bool Leg::answer_body(LegId like, std::string& body) {
    auto& exchange = dialog_->exchange;
    // A fax comes through G.711 alone.
    const auto prefer =
        takes_fax_ ? std::vector{media::Codec::pcma, media::Codec::pcmu} : core_.usable_by(like);
    if (exchange.state() == ExchangeState::offer_received) {
        auto answer = exchange.answer(local_media(), prefer);
        if (!answer) return false;
        body = std::move(*answer);
        connect_media(*dialog_);
        return true;
    }
    if (exchange.agreed() || exchange.state() == ExchangeState::offer_sent) {
        body = exchange.local_body();
        return true;
    }
    if (core_.knows_noise(like)) exchange.offer_noise();
    auto offer = exchange.offer(local_media(), prefer);
    if (!offer) return false;
    body = std::move(*offer);
    return true;
}

void Leg::progress(bool early_media, LegId like) {
    if (stage_ != Stage::called_us) return;
    auto built = builder();
    common_headers(built, *dialog_);
    std::string body;
    const bool has_offer =
        dialog_->exchange.state() == ExchangeState::offer_received || dialog_->exchange.agreed();
    // A caller without 100rel can take an offer only in the 200 (RFC 3262, section 5).
    if (early_media && (has_offer || dialog_->can.reliable)) answer_body(like, body);
    built.body("application/sdp", body);
    const int status = early_media ? 183 : 180;
    core_.meters.sent(status);
    // Ringing alone is not worth a PRACK unless the caller insists, which Sofia sees to.
    if (dialog_->can.reliable && !body.empty() && !reliable_answer_) {
        reliable_answer_ = built.reply_reliably(invite_, this, status);
    } else {
        built.reply(invite_, status);
    }
}

void Leg::add_session_headers(Builder& built, bool we_are_client) const {
    built.header(sip_session_expires_class, session_expires(terms_, we_are_client));
    if (!we_are_client && terms_.peer_supports && !terms_.we_refresh)
        built.header(sip_require_class, "timer");
}

void Leg::answer(LegId like) {
    if (stage_ != Stage::called_us) return;
    std::string body;
    const bool had_early_media = dialog_->exchange.agreed().has_value();
    if (!reliable_answer_ && !answer_body(like, body)) {
        const auto cause = call::causes::not_acceptable;
        refuse(invite_, 488);
        core_.soon([&core = core_, id = id_, cause] {
            if (auto* leg = core.leg(id)) leg->report_end(cause);
        });
        return;
    }
    auto built = builder();
    common_headers(built, *dialog_);
    add_session_headers(built, false);
    built.body("application/sdp", body);
    core_.meters.sent(200);
    built.reply(invite_, 200, "OK");
    answered_ = true;
    stage_ = Stage::connected;
    arm_session();
    // From now on it has to send: the time it may be silent begins.
    if (had_early_media) connect_media(*dialog_);
    if (!dialog_->exchange.agreed() || !dialog_->exchange.agreed()->held) return;
    core_.soon([&core = core_, id = id_] {
        if (auto* leg = core.leg(id)) leg->report_hold(false);
    });
}

void Leg::settle_late_answer(const sip_t& ack) {
    auto& exchange = dialog_->exchange;
    if (exchange.state() != ExchangeState::offer_sent || stage_ != Stage::connected) return;
    const auto settled = exchange.receive_answer(sdp_of(ack));
    if (!settled) {
        const bool had_media = exchange.agreed().has_value();
        exchange.withdraw();
        if (had_media) return;
        core_.meters.refused("no_answer_in_ack");
        send_bye(call::causes::not_acceptable);
        report_end(call::causes::not_acceptable);
        return;
    }
    connect_media(*dialog_);
    report_hold(false);
}

void Leg::on_ack(nta_incoming_t* transaction, const sip_t& ack) {
    if (transaction != invite_) return;
    nta_incoming_destroy(invite_);
    invite_ = nullptr;
    core_.meters.request("ACK");
    if (bye_after_ack_) {
        bye_after_ack_ = false;
        send_bye(ending_);
    } else {
        settle_late_answer(ack);
        ask_for_t38();
        run_updates();
    }
    finish_if_idle();
}

void Leg::on_cancel(nta_incoming_t* transaction, const sip_t& cancel) {
    if (transaction != invite_) return;
    core_.meters.request("CANCEL");
    core_.meters.sent(487);
    // Sofia answers with 487 when this returns.
    nta_incoming_destroy(invite_);
    invite_ = nullptr;
    report_end(with_reason(call::causes::cancelled, cancel));
    finish_if_idle();
}

void Leg::on_timeout(nta_incoming_t* transaction) {
    if (transaction != invite_) return;
    const bool had_answer = nta_incoming_status(invite_) < 300 && nta_incoming_status(invite_) >= 200;
    nta_incoming_destroy(invite_);
    invite_ = nullptr;
    core_.meters.refused("no_ack");
    if (had_answer || bye_after_ack_) send_bye(call::causes::no_response);
    bye_after_ack_ = false;
    report_end(call::causes::no_response);
    finish_if_idle();
}

int Leg::on_prack(nta_incoming_t* prack, const sip_t& message) {
    core_.meters.request("PRACK");
    if (!dialog_ || stage_ == Stage::ended) return 200;
    auto& exchange = dialog_->exchange;
    const auto body = sdp_of(message);
    if (exchange.state() == ExchangeState::offer_sent) {
        if (exchange.receive_answer(body)) connect_media(*dialog_);
        return 200;
    }
    if (body.empty()) return 200;
    std::string answer;
    auto built = builder();
    if (take_offer(*dialog_, body, answer) != 0) return 200;
    built.body("application/sdp", answer);
    built.reply(prack, 200, "OK");
    nta_incoming_destroy(prack);
    return 0;
}

}  // namespace patchbay::sip
