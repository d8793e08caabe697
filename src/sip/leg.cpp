#include "sip/leg.hpp"

#include "call/cause.hpp"
#include "sip/common_headers.hpp"
#include "sip/reason.hpp"

namespace patchbay::sip {

namespace {

Flow flow_of(const Core& core, nta_incoming_t* request) {
    auto* message = nta_incoming_getrequest(request);
    auto flow = core.agent.source_of(message);
    nta_msg_discard(core.agent.nta(), message);
    return flow;
}

}  // namespace

Pending::~Pending() {
    nta_outgoing_destroy(transaction_);
}

void Pending::on_response(nta_outgoing_t* transaction, const sip_t* message) {
    const int status = nta_outgoing_status(transaction);
    leg_.core().meters.received(status);
    if (status >= 200) (leg_.*handler_)(status, message);
}

Leg::Leg(Core& core, LegId id) : core_(core), id_(id) {}

Leg::~Leg() {
    core_.timers.cancel(trying_timer_);
    core_.timers.cancel(glare_timer_);
    core_.timers.cancel(session_timer_);
    nta_incoming_destroy(refer_);
    nta_incoming_destroy(invite_);
}

/// Null while nothing is agreed with whoever is rung.
const OfferAnswer* Leg::exchange() const {
    if (dialog_) return &dialog_->exchange;
    for (const auto& branch : branches_) {
        for (const auto& early : branch->dialogs()) {
            if (early->exchange.agreed()) return &early->exchange;
        }
    }
    return nullptr;
}

std::vector<media::Codec> Leg::usable() const {
    const auto* found = exchange();
    return found == nullptr ? std::vector<media::Codec>{} : found->usable();
}

bool Leg::knows_noise() const {
    const auto* found = exchange();
    return found != nullptr && found->knows_noise();
}

config::Endpoint Leg::local_media() const {
    return core_.media.local(id_).value_or(config::Endpoint{});
}

void Leg::connect_media(Dialog& dialog) {
    const auto& agreed = dialog.exchange.agreed();
    if (!agreed || stage_ == Stage::ended) return;
    media_ = agreed->remote;
    media_->digits = digit_way(dialog);
    media_->hear_tones = hears_tones(dialog);
    core_.media.connect(id_, *media_);
}

void Leg::report_end(const call::Cause& cause) {
    if (stage_ == Stage::ended) return;
    stage_ = Stage::ended;
    core_.retire(*this);
    core_.facts->ended(id_, cause);
}

void Leg::finish_if_idle() {
    if (stage_ != Stage::ended || bye_ || invite_ != nullptr || refer_ != nullptr) return;
    for (const auto& branch : branches_) {
        if (!branch->is_done()) return;
    }
    core_.bury(*this);
}

void Leg::refuse(nta_incoming_t* request, int status, const char* phrase,
                 const std::optional<Header>& header) {
    auto built = builder();
    if (header) built.header(header->name, header->value);
    if (status == 500) built.header("Retry-After", std::to_string(core_.chance() % 10));
    if (status == 405) built.share(core_.common->allow);
    if (status == 415 && !header) built.share(core_.common->accept);
    core_.meters.sent(status);
    built.reply(request, status, phrase == nullptr ? phrase_of(status) : phrase);
}

void Leg::refresh_target(Dialog& dialog, nta_incoming_t* request, const sip_t& message) {
    const auto flow = flow_of(core_, request);
    dialog.refresh(message, &flow);
}

void Leg::common_headers(Builder& built, const Dialog& dialog) const {
    built.header(sip_contact_class, dialog.contact).share(core_.common->allow).share(core_.common->supported);
}

/// What answers a challenge within the dialog; nothing when there is none, or nothing to answer it with.
std::optional<Header> Leg::proof_for(nta_outgoing_t* transaction, int status, const sip_t* message) {
    if ((status != 401 && status != 407) || !credentials_ || message == nullptr) return {};
    const bool proxy = status == 407;
    if (!credentials_->take(values(*message, proxy ? "Proxy-Authenticate" : "WWW-Authenticate"))) return {};
    auto value = credentials_->authorization(view(nta_outgoing_method_name(transaction)),
                                             text_of(nta_outgoing_request_uri(transaction)));
    if (!value) return {};
    return Header{proxy ? "Proxy-Authorization" : "Authorization", std::move(*value)};
}

void Leg::send_and_forget(sip_method_t method, const char* name, Builder& built) {
    nta_outgoing_destroy(built.send(dialog_->nta(), method, name, nullptr, dialog_->next_hop()));
}

int Leg::on_request(Dialog& dialog, nta_incoming_t* request, const sip_t& message) {
    core_.meters.request(view(message.sip_request->rq_method_name));
    if (message.sip_request->rq_method == sip_method_ack) {
        nta_incoming_destroy(request);
        return 0;
    }
    if (stage_ == Stage::ended) return 481;
    switch (message.sip_request->rq_method) {
        case sip_method_invite:
            return on_invite(dialog, request, message);
        case sip_method_update:
            return on_update(dialog, request, message);
        case sip_method_bye:
            return on_bye(request, message);
        case sip_method_refer:
            return on_refer(dialog, request, message);
        case sip_method_info:
            return on_info(request, message);
        case sip_method_options:
            return on_options(request);
        case sip_method_notify:
            return 481;  // we subscribe to nothing
        case sip_method_subscribe:
            return 489;
        default:
            core_.meters.refused("method");
            refuse(request, 405);
            nta_incoming_destroy(request);
            return 0;
    }
}

int Leg::on_options(nta_incoming_t* request) {
    auto built = builder();
    built.share(core_.common->allow).share(core_.common->supported).share(core_.common->accept);
    built.reply(request, 200);
    nta_incoming_destroy(request);
    return 0;
}

}  // namespace patchbay::sip
