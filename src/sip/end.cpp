// How a leg ends: rejected, cancelled, hung up by us or by its party.
#include "call/cause.hpp"
#include "sip/leg.hpp"
#include "sip/reason.hpp"

namespace patchbay::sip {

void Leg::end(const call::Cause& cause) {
    if (stage_ == Stage::ended) return;
    if (refer_ != nullptr) accept_refer();
    const auto stage = std::exchange(stage_, Stage::ended);
    ending_ = cause;
    update_.reset();
    core_.retire(*this);
    switch (stage) {
        case Stage::called_us: {
            const int status = refusal_status(cause);
            auto built = builder();
            built.header("Reason", reason_value(cause));
            if (status == 503) built.header("Retry-After", "10");
            core_.meters.sent(status);
            built.reply(invite_, status, phrase_of(status));
            nta_incoming_destroy(std::exchange(invite_, nullptr));
            break;
        }
        case Stage::ringing:
            cancel_others(nullptr);
            break;
        case Stage::connected:
            // No BYE before the ACK of our 200 came (RFC 3261, section 15).
            if (invite_ != nullptr) {
                bye_after_ack_ = true;
            } else {
                send_bye(cause);
            }
            break;
        case Stage::fresh:
        case Stage::ended:
            break;
    }
    finish_if_idle();
}

void Leg::send_bye(const call::Cause& cause, const std::optional<Header>& proof) {
    if (bye_) return;
    ending_ = cause;
    auto built = builder();
    built.header("Reason", reason_value(cause));
    if (proof) built.header(proof->name, proof->value);
    bye_ = std::make_unique<Pending>(*this, &Leg::on_bye_response);
    auto* transaction = built.send(dialog_->nta(), SIP_METHOD_BYE, bye_.get(), dialog_->next_hop());
    if (transaction == nullptr) {
        bye_.reset();
        return;
    }
    bye_->adopt(transaction);
}

void Leg::on_bye_response(int status, const sip_t* message) {
    const auto proof = proof_for(bye_->transaction(), status, message);
    bye_.reset();
    if (proof) send_bye(ending_, proof);
    finish_if_idle();
}

int Leg::on_bye(nta_incoming_t* request, const sip_t& message) {
    core_.meters.sent(200);
    nta_incoming_treply(request, SIP_200_OK, TAG_END());
    nta_incoming_destroy(request);
    update_.reset();
    if (refer_ != nullptr) accept_refer();
    if (invite_ != nullptr) {
        // A caller may give up by BYE before it was answered (RFC 3261, section 15.1.2).
        if (!answered_ || nta_incoming_status(invite_) < 200) refuse(invite_, 487);
        nta_incoming_destroy(std::exchange(invite_, nullptr));
    }
    cancel_others(nullptr);
    report_end(with_reason(call::causes::hung_up, message));
    finish_if_idle();
    return 0;
}

}  // namespace patchbay::sip
