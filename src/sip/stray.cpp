#include "sip/stray.hpp"

#include "sip/builder.hpp"
#include "sip/dialog.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

namespace {

int refuse_request(Dialog* /*none*/, nta_leg_t* /*leg*/, nta_incoming_t* /*request*/,
                   sip_t const* /*message*/) {
    return 481;
}

void hang_up(Agent& agent, const sip_t& response) {
    auto* dialog = nta_leg_tcreate(agent.nta(), refuse_request, nullptr, SIPTAG_CALL_ID(response.sip_call_id),
                                   SIPTAG_FROM(response.sip_from), SIPTAG_TO(response.sip_to),
                                   SIPTAG_CSEQ(response.sip_cseq), TAG_END());
    if (dialog == nullptr) return;
    nta_leg_client_reroute(dialog, response.sip_record_route, response.sip_contact, 1);
    Builder(agent.nta()).acknowledge(dialog, response.sip_cseq->cs_seq, {});
    Builder bye(agent.nta());
    nta_outgoing_destroy(bye.send(dialog, SIP_METHOD_BYE, nullptr, {}));
    nta_leg_destroy(dialog);
}

}  // namespace

void stray_response(Agent& agent, msg_s* message, sip_s* sip) {
    const int status = sip->sip_status == nullptr ? 0 : sip->sip_status->st_status;
    const bool success = status >= 200 && status < 300 && sip->sip_cseq != nullptr &&
                         sip->sip_cseq->cs_method == sip_method_invite;
    // Only for an INVITE we did send: nobody makes us send requests by made-up responses.
    if (success && sip->sip_contact != nullptr && sip->sip_to->a_tag != nullptr && sip->sip_via != nullptr) {
        if (nta_outgoing_find(agent.nta(), message, sip, sip->sip_via) != nullptr) {
            if (auto* dialog = Dialog::find(agent.nta(), *sip); dialog != nullptr) {
                dialog->acknowledge(sip->sip_cseq->cs_seq);
            } else {
                hang_up(agent, *sip);
            }
        }
    }
    nta_msg_discard(agent.nta(), message);
}

}  // namespace patchbay::sip
