// Changes of a session in progress: re-INVITE and UPDATE, ours and the peer's (RFC 3261, section 14; 3311).
#include <fmt/format.h>

#include "base/text.hpp"
#include "call.hpp"
#include "guard.hpp"

namespace patchbay::robot {

namespace {

constexpr int most_tries = 4;
// Who owns the Call-ID waits longer after a glare (RFC 3261, section 14.1); one fixed wait each is enough
// for a pair to come apart.
constexpr Milliseconds owner_wait{2300}, other_wait{700};

}  // namespace

void Call::modify(sip::sdp::Direction direction, bool by_update, bool late_offer,
                  const std::optional<std::string>& sdp) {
    if (state_ != CallState::connected) {
        emit("error", {{"text", "not connected: nothing to modify"}});
        return;
    }
    wanted_ = direction;
    change_ = {by_update, late_offer, false, false, sdp, 0};
    send_modify();
}

void Call::ask_t38() {
    if (state_ != CallState::connected) return;
    session_.take_t38();
    change_ = {false, false, false, true, std::nullopt, 0};
    send_modify();
}

void Call::rekey() {
    session_.rekey(Guard::renew());
    modify(wanted_, false, false, std::nullopt);
}

void Call::change_codecs(std::vector<media::Codec> codecs) {
    session_.speak(std::move(codecs));
    modify(wanted_, false, false, std::nullopt);
}

void Call::send_modify() {
    modifying_ = true;
    Message message = dialog_.request(change_.by_update ? "UPDATE" : "INVITE");
    message.add("Supported", "replaces, timer");
    add_session_timer(message);
    if (!change_.late_offer)
        message.body = change_.sdp   ? *change_.sdp
                       : change_.t38 ? session_.offer_t38(media().local())
                                     : session_.offer(media().local(), wanted_);
    if (change_.refresh && change_.by_update) message.body.clear();
    if (!message.body.empty()) message.add("Content-Type", "application/sdp");
    parts_.sender.send(
        std::move(message), dialog_.flow(), dialog_.cseq,
        [self = shared_from_this(), by_update = change_.by_update](const Message& response) {
            self->on_modify_reply(response, by_update);
        },
        &branch_);
}

void Call::on_modify_reply(const Message& response, bool by_update) {
    if (response.status < 200) return;
    modifying_ = false;
    std::string answer;
    if (response.status < 300) {
        if (change_.late_offer) {
            if (session_.take_offer(response.body)) answer = session_.answer(media().local(), wanted_);
        } else if (!response.body.empty()) {
            session_.take_answer(response.body);
        }
        if (!by_update) acknowledge(response, answer);
        if (!response.body.empty()) {
            use_media();
            tell_hold();
        }
        start_session_timer(response);
    }
    emit("reply", {{"method", by_update ? "UPDATE" : "INVITE"}, {"status", response.status}});
    if (response.status == 491) retry_modify();
    if (response.status == 481 || response.status == 408) hangup({});
}

void Call::retry_modify() {
    if (++change_.tries >= most_tries) return;
    parts_.loop.timers().after(we_called_ ? owner_wait : other_wait, [self = weak_from_this()] {
        const auto call = self.lock();
        if (call && call->state_ == CallState::connected && !call->modifying_) call->send_modify();
    });
}

void Call::on_modify(const Message& request) {
    if (modifying_ || (request.method == "INVITE" && state_ != CallState::connected))
        return respond(request, 491);
    if (const auto contacts = request.all("Contact"); !contacts.empty())
        dialog_.target = uri_in(contacts.front());
    std::string body;
    if (request.body.empty()) {
        if (request.method == "INVITE") {
            body = session_.offer(media().local(), wanted_);
            offer_in_200_ = true;
        }
    } else if (session_.take_offer(request.body)) {
        if (session_.offered_direction() == sip::sdp::Direction::sendrecv && !parts_.options.faults.keep_hold)
            wanted_ = sip::sdp::Direction::sendrecv;
        body = session_.answer(media().local(), wanted_);
    } else {
        return respond(request, 488);
    }
    respond(request, 200, accept_session_timer(request), body);
    if (!request.body.empty()) {
        use_media();
        tell_hold();
    }
}

}  // namespace patchbay::robot
