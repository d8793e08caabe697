#include "sip/branch.hpp"

#include <algorithm>
#include <cstdlib>

#include "call/cause.hpp"
#include "sip/common_headers.hpp"
#include "sip/leg.hpp"
#include "sip/reason.hpp"

namespace patchbay::sip {

namespace {

constexpr int most_attempts = 4;  // the first, with credentials, with a longer session, and once to spare

// Phones know one of these: RFC 5373, and what came before it.
void ask_to_answer(Builder& built) {
    built.header("Answer-Mode", "Auto")
        .header(sip_call_info_class, "<sip:patchbay>;answer-after=0")
        .header("Alert-Info", "<sip:patchbay>;info=alert-autoanswer;delay=0");
}

double preference(const sip_contact_t& contact) {
    return contact.m_q == nullptr ? 1 : std::strtod(contact.m_q, nullptr);
}

/// The contact with the highest q, the first of equal ones (RFC 3261, section 8.1.3.4).
const sip_contact_t& best_contact(const sip_contact_t* contacts) {
    const auto* best = contacts;
    for (const auto* each = contacts->m_next; each != nullptr; each = each->m_next) {
        if (preference(*each) > preference(*best)) best = each;
    }
    return *best;
}

}  // namespace

Branch::Branch(Leg& leg, Target target, std::shared_ptr<const OfferAnswer> offered)
    : leg_(leg), target_(std::move(target)), offered_(std::move(offered)) {}

Branch::~Branch() {
    nta_outgoing_destroy(invite_);
}

bool Branch::start() {
    auto& core = leg_.core();
    asked_ = core.config->sip.session_expires;
    min_se_ = core.config->sip.min_session_expires;
    sending_ = std::make_unique<Dialog>(leg_, *offered_, core.new_token() + core.new_token(),
                                        target_.caller.from, target_.to, target_.next_hop);
    if (sending_->nta() == nullptr) return false;
    sending_->contact = target_.contact;
    return send_invite();
}

bool Branch::send_invite() {
    auto& core = leg_.core();
    ++attempts_;
    Builder built(core.agent.nta());
    auto* request = sip_request_create(built.home(), SIP_METHOD_INVITE,
                                       reinterpret_cast<const url_string_t*>(target_.uri.c_str()), nullptr);
    if (request == nullptr) return false;
    built.add(request)
        .header(sip_max_forwards_class, std::to_string(target_.max_forwards))
        .header(sip_contact_class, target_.contact)
        .share(core.common->allow)
        .share(core.common->supported)
        .share(core.common->user_agent)
        .header(sip_session_expires_class, std::to_string(asked_.count()))
        .header(sip_min_se_class, std::to_string(min_se_.count()))
        .header("P-Asserted-Identity", target_.caller.asserted)
        .header("Privacy", target_.caller.privacy)
        .header(proxy_authorization_ ? "Proxy-Authorization" : "Authorization", authorization_)
        .body("application/sdp", offered_->local_body());
    if (target_.answers_itself) ask_to_answer(built);
    auto* transaction = built.send(sending_->nta(), SIP_METHOD_INVITE, this, target_.next_hop);
    if (transaction == nullptr) return false;
    nta_outgoing_destroy(invite_);
    invite_ = transaction;
    sending_->invite_cseq = nta_outgoing_cseq(transaction);
    return true;
}

void Branch::cancel(const call::Cause& cause) {
    if (done_ || cancelled_) return;
    cancelled_ = true;
    cause_ = cause;
    const auto reason = reason_value(cause);
    auto* request = nta_outgoing_tcancel(
        invite_, nullptr, nullptr, TAG_IF(!reason.empty(), SIPTAG_REASON_STR(reason.c_str())), TAG_END());
    nta_outgoing_destroy(request);
}

bool Branch::pick_up() {
    if (done_ || cancelled_) return false;
    const auto able = std::ranges::find_if(dialogs_, [](const auto& dialog) { return dialog->can.talk; });
    if (able == dialogs_.end()) return false;
    Builder built(leg_.core().agent.nta());
    built.header(sip_event_class, "talk")
        .header(sip_subscription_state_class, "active;expires=60")
        .header(sip_contact_class, (*able)->contact);
    auto* request = built.send((*able)->nta(), SIP_METHOD_NOTIFY, nullptr, (*able)->next_hop());
    nta_outgoing_destroy(request);
    return request != nullptr;
}

void Branch::on_response(nta_outgoing_t* transaction, const sip_t* message) {
    if (transaction != invite_ || done_) return;
    const int status = nta_outgoing_status(transaction);
    leg_.core().meters.received(status);
    if (status < 200) {
        if (message != nullptr && status > 100) on_provisional(status, *message);
    } else if (status < 300 && message != nullptr) {
        on_success(*message);
    } else {
        on_failure(status, message);
    }
}

Dialog& Branch::dialog_of(const sip_t& response) {
    const auto tag = view(response.sip_to->a_tag);
    const auto found =
        std::ranges::find_if(dialogs_, [&](const auto& dialog) { return dialog->remote_tag() == tag; });
    if (found != dialogs_.end()) return **found;
    if (sending_) {
        sending_->adopt(response);
        dialogs_.push_back(std::move(sending_));
    } else {
        // This one's offer is still open: it starts from the INVITE, not from what another early dialog
        // agreed.
        auto dialog = std::make_unique<Dialog>(*dialogs_.front(), response);
        dialog->exchange = *offered_;
        dialogs_.push_back(std::move(dialog));
    }
    return *dialogs_.back();
}

std::unique_ptr<Dialog> Branch::take_dialog(const sip_t& response) {
    auto& dialog = dialog_of(response);
    const auto found =
        std::ranges::find_if(dialogs_, [&](const auto& each) { return each.get() == &dialog; });
    auto taken = std::move(*found);
    dialogs_.erase(found);
    return taken;
}

void Branch::on_provisional(int status, const sip_t& message) {
    if (cancelled_) return;
    if (message.sip_to->a_tag == nullptr) {
        if (status == 180) leg_.branch_rings(*sending_, false);
        return;
    }
    auto& dialog = dialog_of(message);
    const bool reliable = message.sip_rseq != nullptr && lists(message.sip_require, "100rel");
    if (reliable && message.sip_rseq->rs_response <= dialog.rseq) return;
    dialog.refresh(message, nullptr);
    const auto body = sdp_of(message);
    bool has_media = dialog.exchange.agreed().has_value();
    if (!body.empty() && dialog.exchange.state() == ExchangeState::offer_sent) {
        has_media =
            (reliable ? dialog.exchange.receive_answer(body) : dialog.exchange.preview_answer(body)).ok();
    }
    if (reliable) acknowledge_reliable(dialog, message);
    if (status == 180 || status == 183) leg_.branch_rings(dialog, has_media);
}

void Branch::acknowledge_reliable(Dialog& dialog, const sip_t& message) {
    auto& core = leg_.core();
    // Out of order: taken when what is missing came (RFC 3262, section 4).
    if (dialog.rseq != 0 && message.sip_rseq->rs_response != dialog.rseq + 1) return;
    dialog.rseq = message.sip_rseq->rs_response;
    Builder built(core.agent.nta());
    built.header(sip_rack_class,
                 std::to_string(dialog.rseq) + ' ' + std::to_string(dialog.invite_cseq) + " INVITE");
    nta_outgoing_destroy(built.send(dialog.nta(), SIP_METHOD_PRACK, nullptr, dialog.next_hop()));
}

void Branch::on_success(const sip_t& message) {
    auto& core = leg_.core();
    done_ = true;
    status_ = nta_outgoing_status(invite_);
    auto dialog = take_dialog(message);
    dialog->adopt(message);
    dialog->acknowledge(dialog->invite_cseq);
    nta_outgoing_destroy(std::exchange(invite_, nullptr));
    if (cancelled_) {
        dialog->hang_up(cause_);
        leg_.branch_failed(*this);
        return;
    }
    const auto body = sdp_of(message);
    const bool open = dialog->exchange.state() == ExchangeState::offer_sent;
    const bool previewed = body.empty() && dialog->exchange.agreed();
    if (open && !(previewed ? dialog->exchange.confirm_preview() : dialog->exchange.receive_answer(body))) {
        core.meters.refused("no_usable_answer");
        cause_ = call::causes::not_acceptable;
        status_ = 488;
        dialog->hang_up(cause_);
        leg_.branch_failed(*this);
        return;
    }
    leg_.branch_answered(*this, std::move(dialog), message, asked_);
}

void Branch::on_failure(int status, const sip_t* message) {
    if (!cancelled_ && try_again(status, message)) return;
    done_ = true;
    status_ = status;
    if (!cancelled_) {
        cause_ = call::cause_of_status(status);
        if (message != nullptr) cause_ = with_reason(cause_, *message);
    }
    if (status < 400 && message != nullptr && message->sip_contact != nullptr) {
        redirected_to_ = number_of(*best_contact(message->sip_contact).m_url);
    }
    leg_.branch_failed(*this);
}

bool Branch::try_again(int status, const sip_t* message) {
    if (attempts_ >= most_attempts || message == nullptr || !sending_) return false;
    if (status == 422 && message->sip_min_se != nullptr) {
        const Seconds least(message->sip_min_se->min_delta);
        if (least <= min_se_ && least <= asked_) return false;
        min_se_ = std::max(min_se_, least);
        asked_ = std::max(asked_, least);
        return send_invite();
    }
    if ((status != 401 && status != 407) || !target_.credentials) return false;
    proxy_authorization_ = status == 407;
    const auto challenges =
        values(*message, proxy_authorization_ ? "Proxy-Authenticate" : "WWW-Authenticate");
    if (!target_.credentials->take(challenges)) return false;
    const auto authorization = target_.credentials->authorization("INVITE", target_.uri);
    if (!authorization) return false;
    authorization_ = *authorization;
    return send_invite();
}

}  // namespace patchbay::sip
