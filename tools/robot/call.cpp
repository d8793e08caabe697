#include "call.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::robot {

namespace {

constexpr Milliseconds kept_after_end{40000};  ///< longer than any transaction

Encryption encryption_of(const Options& options) {
    auto fingerprint = Guard::fingerprint();
    if (options.faults.wrong_fingerprint) std::ranges::reverse(fingerprint.value);
    return {options.srtp, std::move(fingerprint)};
}

}  // namespace

Call::Call(const PhoneParts& parts, int number)
    : parts_(parts),
      number_(number),
      session_(parts.options.codecs, parts.options.telephone_event, parts.options.comfort_noise,
               encryption_of(parts.options)) {
    if (parts.options.t38) session_.take_t38();
}

Call::~Call() {
    parts_.loop.timers().cancel(session_timer_);
    parts_.loop.timers().cancel(reliable_timer_);
}

bool Call::stale() const {
    return ended() && parts_.loop.now() - ended_at_ > kept_after_end;
}

void Call::emit(std::string_view event, Json fields) {
    Json fact;
    fact["call"] = number_;
    for (auto& field : fields) fact[field.key()] = std::move(field.value());
    parts_.facts.emit(event, std::move(fact));
}

bool Call::owns(const Message& request) const {
    if (request.header("Call-ID") != dialog_.call_id) return false;
    if (request.method == "CANCEL") return incoming_ && incoming_->branch() == request.branch();
    return parameter_in(request.header("To"), "tag") == dialog_.local_tag;
}

Audio& Call::media() {
    if (!audio_) {
        const auto& options = parts_.options;
        const Audio::Settings settings{options.address,     options.tone,        options.tone_level,
                                       options.known_tones, options.hear_digits, &options.faults,
                                       options.weather};
        audio_ = std::make_unique<Audio>(
            parts_.loop, settings,
            Audio::Notices{[this](char digit, std::string_view by) {
                               emit("dtmf", {{"digit", std::string(1, digit)}, {"by", by}});
                           },
                           [this](std::int64_t at) {
                               emit("clicked", {{"at", at}});
                           },
                           [this](std::int64_t at) {
                               emit("sound", {{"at", at}});
                           },
                           [this](int pages, std::string_view reason) {
                               emit("fax_sent", {{"pages", pages}, {"reason", reason}});
                           }});
    }
    return *audio_;
}

void Call::use_media() {
    const auto& remote = session_.remote();
    if (!remote) return;
    media().connect(*remote);
    emit("sdp", {{"direction", sip::sdp::word(session_.peer_direction())},
                 {"codec", media::name(remote->format.codec)},
                 {"t38", remote->t38.has_value()},
                 {"srtp", remote->protection.encrypted()},
                 {"telephone_event", remote->format.telephone_event.has_value()},
                 {"comfort_noise", remote->format.comfort_noise.has_value()},
                 {"rtp", fmt::format("{}:{}", remote->rtp.address, remote->rtp.port)}});
}

void Call::tell_hold() {
    const bool held = !sip::sdp::receives(session_.peer_direction());
    if (held != held_by_peer_) emit(held ? "held" : "retrieved");
    held_by_peer_ = held;
}

void Call::request(Message message, const Transactions::Reply& reply) {
    parts_.sender.send(std::move(message), dialog_.flow(), dialog_.cseq,
                       [self = shared_from_this(), reply](const Message& response) { reply(response); });
}

void Call::respond(const Message& request, int status, const HeaderList& headers, const std::string& body,
                   std::string_view type) {
    Message response = response_to(request, status, dialog_.local_tag);
    if (status < 300 && (request.method == "INVITE" || request.method == "UPDATE"))
        response.add("Contact", dialog_.contact);
    response.add("User-Agent", "Patchbay robot");
    for (const auto& [name, value] : headers) response.add(name, value);
    if (!body.empty()) response.add("Content-Type", std::string(type));
    response.body = body;
    parts_.transactions.respond(request, response);
}

void Call::end(int status, std::string_view by, std::string_view reason) {
    if (ended()) return;
    state_ = CallState::ended;
    ended_at_ = parts_.loop.now();
    parts_.loop.timers().cancel(session_timer_);
    parts_.loop.timers().cancel(reliable_timer_);
    Json fields{{"status", status}, {"by", by}, {"reason", reason}};
    if (audio_) {
        const auto& counts = audio_->counts();
        fields["sent"] = counts.sent;
        fields["received"] = counts.received;
        fields["lost"] = counts.lost;
    }
    audio_.reset();
    emit("ended", std::move(fields));
}

void Call::hangup(const HeaderList& headers) {
    if (state_ == CallState::calling) return cancel();
    if (state_ == CallState::incoming) return refuse(486, headers);
    if (ended()) return;
    Message bye = dialog_.request("BYE");
    for (const auto& [name, value] : headers) bye.set(name, value);
    request(std::move(bye), [this](const Message& response) {
        if (response.status < 200) return;
        emit("reply", {{"method", "BYE"}, {"status", response.status}});
        end(response.status, "local", "");
    });
}

void Call::send(std::string_view method, const HeaderList& headers, const std::string& body) {
    Message message = dialog_.request(method);
    for (const auto& [name, value] : headers) message.set(name, value);
    message.body = body;
    request(std::move(message), [this, name = std::string(method)](const Message& response) {
        emit("reply", {{"method", name}, {"status", response.status}});
    });
}

void Call::on_request(const Message& message) {
    if (message.method == "BYE") return on_bye(message);
    if (message.method == "INVITE" || message.method == "UPDATE") return on_modify(message);
    if (message.method == "NOTIFY") return on_notify(message);
    if (message.method == "INFO") return on_info(message);
    if (message.method == "PRACK") return on_prack(message);
    if (message.method == "OPTIONS") return respond(message, 200);
    respond(message, message.method == "REFER" ? 603 : 405);
}

void Call::on_bye(const Message& bye) {
    respond(bye, 200);
    // An INVITE still unanswered must not stay open (RFC 3261, section 15.1.2).
    if (state_ == CallState::incoming && incoming_) respond(*incoming_, 487);
    end(200, "remote", bye.header("Reason"));
}

void Call::on_ack(const Message& ack) {
    if (offer_in_200_) {
        offer_in_200_ = false;
        if (session_.take_answer(ack.body))
            use_media();
        else
            emit("error", {{"text", "the ACK brings no answer to our offer"}});
    }
    if (state_ == CallState::answering) {
        state_ = CallState::connected;
        emit("connected");
    }
}

void Call::on_no_ack() {
    if (ended()) return;
    emit("no_ack");
    if (state_ == CallState::answering || state_ == CallState::connected) {
        state_ = CallState::connected;
        hangup({});
    }
}

}  // namespace patchbay::robot
