// Digits by INFO, both ways.
#include "base/text.hpp"
#include "sip/dtmf_body.hpp"
#include "sip/leg.hpp"

namespace patchbay::sip {

int Leg::on_info(nta_incoming_t* request, const sip_t& message) {
    const auto body = body_of(message);
    if (body.empty()) return 200;
    const auto digit = digit_in(content_type_of(message), body);
    if (!digit) {
        core_.meters.refused("body_type");
        refuse(request, 415);
        nta_incoming_destroy(request);
        return 0;
    }
    core_.meters.sent(200);
    nta_incoming_treply(request, SIP_200_OK, TAG_END());
    nta_incoming_destroy(request);
    if (*digit != 0 && stage_ == Stage::connected) core_.facts->dtmf(id_, *digit);
    return 0;
}

void Leg::send_dtmf(char digit) {
    if (stage_ != Stage::connected) return;
    const auto& agreed = dialog_->exchange.agreed();
    if (agreed && agreed->remote.format.telephone_event) return core_.media.send_dtmf(id_, digit);
    if (!dialog_->can.info) return;
    auto built = builder();
    built.body("application/dtmf-relay", dtmf_relay(digit));
    send_and_forget(SIP_METHOD_INFO, built);
}

}  // namespace patchbay::sip
