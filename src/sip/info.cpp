// What goes on in a talk beside its audio: digits by INFO, both ways, and fax.
#include <utility>

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
    const auto setting = dialog_ ? dialog_->exchange.dtmf() : config::Dtmf::automatic;
    const bool wanted = setting == config::Dtmf::automatic || setting == config::Dtmf::info;
    if (*digit != 0 && stage_ == Stage::connected && wanted) core_.media.press(id_, *digit);
    return 0;
}

void Leg::send_dtmf(char digit) {
    if (stage_ != Stage::connected || digit_way(*dialog_) != media::DigitWay::info) return;
    auto built = builder();
    built.body("application/dtmf-relay", dtmf_relay(digit));
    send_and_forget(SIP_METHOD_INFO, built);
}

void Leg::expect_fax(bool t38) {
    if (!dialog_) return;
    takes_fax_ = true;
    asks_t38_ = t38;
    if (t38) dialog_->exchange.allow_t38();
}

/// The sender may ask for it first.
void Leg::ask_for_t38() {
    if (!std::exchange(asks_t38_, false)) return;
    updates_.want({.offer = false, .like = {}, .retrieve = false, .refresh = false, .t38 = true});
}

/// How digits go to the leg, by its setting and by what its phone can.
media::DigitWay Leg::digit_way(const Dialog& dialog) {
    switch (dialog.exchange.dtmf()) {
        case config::Dtmf::rfc4733:
            return media::DigitWay::event;
        case config::Dtmf::info:
            return media::DigitWay::info;
        case config::Dtmf::inband:
            return media::DigitWay::tones;
        case config::Dtmf::automatic:
            break;
    }
    const auto& agreed = dialog.exchange.agreed();
    if (agreed && agreed->remote.format.telephone_event) return media::DigitWay::event;
    return dialog.can.info ? media::DigitWay::info : media::DigitWay::tones;
}

/// A phone that agreed to telephone-events sends those; one whose codec is no G.711 has other ways.
bool Leg::hears_tones(const Dialog& dialog) {
    const auto& agreed = dialog.exchange.agreed();
    if (dialog.exchange.dtmf() == config::Dtmf::inband) return true;
    return dialog.exchange.dtmf() == config::Dtmf::automatic && agreed &&
           !agreed->remote.format.telephone_event && media::is_g711(agreed->remote.format.codec);
}

}  // namespace patchbay::sip
