// Transfer by the phone: REFER, blind and attended (RFC 3515, 5589), and its progress by NOTIFY.
#include <sofia-sip/url.h>

#include "base/text.hpp"
#include "sip/common_headers.hpp"
#include "sip/leg.hpp"
#include "sip/reason.hpp"

namespace patchbay::sip {

namespace {

/// The Replaces header inside a Refer-To URI, without its escapes; empty when there is none.
std::string replaces_in(const url_t& uri) {
    for (const auto header : split(view(uri.url_headers), '&')) {
        const auto equals = header.find('=');
        if (equals == std::string_view::npos || !iequals(header.substr(0, equals), "Replaces")) continue;
        std::string text(header.substr(equals + 1));
        text.resize(url_unescape_to(text.data(), text.data(), text.size()));
        return text;
    }
    return {};
}

}  // namespace

int Leg::on_refer(Dialog& dialog, nta_incoming_t* request, const sip_t& message) {
    const auto* target = message.sip_refer_to;
    if (target == nullptr || target->r_next != nullptr || number_of(*target->r_url).empty()) {
        core_.meters.refused("refer_to");
        return 400;
    }
    if (stage_ != Stage::connected || &dialog != dialog_.get() || refer_ != nullptr || refer_open_)
        return 491;
    LegId replaced;
    if (const auto replaces = replaces_in(*target->r_url); !replaces.empty()) {
        const auto* other = core_.replaced_leg(replaces).leg;
        if (other == nullptr) return 404;
        replaced = other->id();
    }
    refer_ = request;
    refer_silent_ = iequals(value(message, "Refer-Sub"), "false");
    // A second REFER of a dialog names its subscription by the CSeq (RFC 3515, section 2.4.6).
    refer_event_ = refers_++ == 0 ? "refer" : "refer;id=" + std::to_string(message.sip_cseq->cs_seq);
    const bool taken = core_.facts->refer(id_, number_of(*target->r_url), replaced);
    if (taken) {
        if (refer_ != nullptr) accept_refer();
    } else if (refer_ != nullptr) {
        refuse(std::exchange(refer_, nullptr), 603);
        nta_incoming_destroy(request);
    }
    finish_if_idle();
    return 0;
}

void Leg::accept_refer() {
    auto* const request = std::exchange(refer_, nullptr);
    auto built = builder();
    common_headers(built, *dialog_);
    if (refer_silent_) built.header("Refer-Sub", "false");
    core_.meters.sent(202);
    built.reply(request, 202, "Accepted");
    nta_incoming_destroy(request);
    refer_open_ = true;
    notify_refer(100);
}

void Leg::refer_progress(int sip_status) {
    if (refer_ != nullptr) accept_refer();
    if (!refer_open_) return;
    notify_refer(sip_status);
    if (sip_status >= 200) refer_open_ = false;
}

void Leg::notify_refer(int sip_status) {
    if (refer_silent_) return;
    auto built = builder();
    built.header(sip_event_class, refer_event_)
        .header(sip_subscription_state_class,
                sip_status < 200 ? "active;expires=60" : "terminated;reason=noresource")
        .header(sip_contact_class, dialog_->contact)
        .body("message/sipfrag;version=2.0",
              "SIP/2.0 " + std::to_string(sip_status) + ' ' + phrase_of(sip_status) + "\r\n");
    send_and_forget(SIP_METHOD_NOTIFY, built);
}

}  // namespace patchbay::sip
