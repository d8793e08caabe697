#include "sip/dialog.hpp"

#include <sofia-sip/url.h>

#include "base/text.hpp"
#include "sip/core.hpp"
#include "sip/leg.hpp"
#include "sip/reason.hpp"

namespace patchbay::sip {

namespace {

int deliver_request(Dialog* dialog, nta_leg_t* /*leg*/, nta_incoming_t* request, sip_t const* message) {
    return dialog->leg().on_request(*dialog, request, *message);
}

}  // namespace

Dialog::Dialog(Leg& leg, OfferAnswer state, const sip_t& invite, Flow flow)
    : exchange(std::move(state)), leg_(leg), flow_(std::move(flow)) {
    auto* agent = leg.core().agent.nta();
    su_home_t home[1] = {SU_HOME_INIT(home)};
    auto* local = sip_to_dup(home, invite.sip_to);
    sip_to_tag(home, local, leg.core().new_token().c_str());
    nta_ = nta_leg_tcreate(agent, deliver_request, this, SIPTAG_CALL_ID(invite.sip_call_id),
                           SIPTAG_FROM(reinterpret_cast<sip_from_t*>(local)),
                           SIPTAG_TO(reinterpret_cast<const sip_to_t*>(invite.sip_from)),
                           NTATAG_REMOTE_CSEQ(invite.sip_cseq->cs_seq), TAG_END());
    su_home_deinit(home);
    if (nta_ == nullptr) return;
    nta_leg_server_route(nta_, invite.sip_record_route, invite.sip_contact);
    refresh(invite, &flow_);
}

Dialog::Dialog(Leg& leg, OfferAnswer state, const std::string& call_id, const std::string& from,
               const std::string& to, std::string next_hop)
    : exchange(std::move(state)), ours(true), leg_(leg), next_hop_(std::move(next_hop)), fixed_hop_(true) {
    const auto tagged = from + ";tag=" + leg.core().new_token();
    nta_ = nta_leg_tcreate(leg.core().agent.nta(), deliver_request, this, SIPTAG_CALL_ID_STR(call_id.c_str()),
                           SIPTAG_FROM_STR(tagged.c_str()), SIPTAG_TO_STR(to.c_str()), TAG_END());
}

Dialog::Dialog(const Dialog& first, const sip_t& response)
    : contact(first.contact),
      exchange(first.exchange),
      invite_cseq(first.invite_cseq),
      ours(true),
      leg_(first.leg_),
      next_hop_(first.next_hop_),
      fixed_hop_(first.fixed_hop_) {
    nta_ = nta_leg_tcreate(leg_.core().agent.nta(), deliver_request, this,
                           SIPTAG_CALL_ID(response.sip_call_id), SIPTAG_FROM(response.sip_from),
                           SIPTAG_TO(response.sip_to), SIPTAG_CSEQ(response.sip_cseq), TAG_END());
    if (nta_ != nullptr) adopt(response);
}

Dialog::~Dialog() {
    nta_leg_destroy(nta_);
}

std::string_view Dialog::local_tag() const {
    return view(nta_leg_get_tag(nta_));
}
std::string_view Dialog::remote_tag() const {
    return view(nta_leg_get_rtag(nta_));
}

void Dialog::adopt(const sip_t& response) {
    if (remote_tag().empty() && response.sip_to->a_tag != nullptr) nta_leg_rtag(nta_, response.sip_to->a_tag);
    nta_leg_client_reroute(nta_, response.sip_record_route, response.sip_contact, 1);
    refresh(response, nullptr);
}

void Dialog::refresh(const sip_t& message, const Flow* flow) {
    if (message.sip_contact != nullptr && message.sip_contact->m_url->url_type != url_any) {
        nta_leg_client_reroute(nta_, nullptr, message.sip_contact, 0);
    }
    if (message.sip_allow != nullptr) {
        can.update = lists(message.sip_allow, "UPDATE");
        can.info = lists(message.sip_allow, "INFO");
    }
    if (message.sip_supported != nullptr) {
        can.timer = lists(message.sip_supported, "timer");
        can.reliable = lists(message.sip_supported, "100rel") || lists(message.sip_require, "100rel");
    }
    if (message.sip_allow_events != nullptr) can.talk = lists(message.sip_allow_events, "talk");
    if (flow != nullptr && !fixed_hop_) choose_hop(message, *flow);
}

void Dialog::choose_hop(const sip_t& message, const Flow& flow) {
    flow_ = flow;
    next_hop_.clear();
    if (message.sip_contact == nullptr) return;
    const auto host = view(message.sip_contact->m_url->url_host);
    // A phone behind a connection or a translator is reached the way it came, not where it believes to be.
    const bool translated = sdp::is_address(host) && host != flow.peer.address;
    if (flow.transport != "udp" || translated) next_hop_ = route_uri(flow);
}

void Dialog::acknowledge(std::uint32_t cseq) {
    Builder(leg_.core().agent.nta()).acknowledge(nta_, cseq, next_hop_);
}

void Dialog::hang_up(const call::Cause& cause) {
    Builder built(leg_.core().agent.nta());
    built.header("Reason", reason_value(cause));
    nta_outgoing_destroy(built.send(nta_, SIP_METHOD_BYE, nullptr, next_hop_));
}

Dialog* Dialog::find(nta_agent_t* agent, const sip_replaces_t* replaces) {
    auto* const found = nta_leg_by_replaces(agent, replaces);
    return found == nullptr ? nullptr : nta_leg_magic(found, deliver_request);
}

Dialog* Dialog::find(nta_agent_t* agent, const sip_t& response) {
    auto* const found = nta_leg_by_dialog(agent, nullptr, response.sip_call_id, response.sip_to->a_tag,
                                          nullptr, response.sip_from->a_tag, nullptr);
    return found == nullptr ? nullptr : nta_leg_magic(found, deliver_request);
}

SessionWish session_wish(const sip_t& message) {
    SessionWish wish;
    if (const auto* expires = message.sip_session_expires; expires != nullptr) {
        wish.expires = Seconds(expires->x_delta);
        wish.refresher = lower(view(expires->x_refresher));
    }
    if (message.sip_min_se != nullptr) wish.min_se = Seconds(message.sip_min_se->min_delta);
    wish.supported = lists(message.sip_supported, "timer") || lists(message.sip_require, "timer");
    return wish;
}

}  // namespace patchbay::sip
