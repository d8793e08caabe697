// A call to us, from INVITE to our final response.
#include <fmt/format.h>

#include "base/text.hpp"
#include "call.hpp"

namespace patchbay::robot {

namespace {

/// The headers a test may want to look at.
Json noted_headers(const Message& message) {
    Json noted;
    for (const auto& [name, value] : message.headers) {
        if (iequals(name, "Content-Length")) continue;
        noted[name] = value;
    }
    return noted;
}

}  // namespace

void Call::take(const Message& invite, const Flow& from, Dialog dialog) {
    dialog_ = std::move(dialog);
    dialog_.learn_from_request(invite, from);
    incoming_ = invite;
    state_ = CallState::incoming;
    emit("incoming", {{"from", user_in(uri_in(invite.header("From")))},
                      {"from_name", display_name_in(invite.header("From"))},
                      {"to", user_in(invite.uri)},
                      {"call_id", dialog_.call_id},
                      {"headers", noted_headers(invite)}});
    if (ended()) return;
    if (!invite.body.empty() && !session_.take_offer(invite.body)) refuse(488, {});
}

std::string Call::our_answer() {
    if (early_body_) return *early_body_;
    if (incoming_->body.empty()) {
        offer_in_200_ = true;
        return session_.offer(media().local(), wanted_);
    }
    return session_.answer(media().local(), wanted_);
}

void Call::ring(int status, bool with_sdp) {
    if (state_ != CallState::incoming) return;
    HeaderList headers;
    if (parts_.options.talk_event) headers.emplace_back("Allow-Events", "talk, hold");
    const auto wants =
        std::string(incoming_->header("Supported")) + "," + std::string(incoming_->header("Require"));
    const bool reliable = wants.find("100rel") != std::string::npos &&
                          (parts_.options.reliable == Reliable::required ||
                           incoming_->header("Require").find("100rel") != std::string_view::npos);
    std::string body;
    if (with_sdp) {
        early_body_ = body = our_answer();
        offer_in_200_ = false;
        use_media();
    }
    if (!reliable) return respond(*incoming_, status, headers, body);
    headers.emplace_back("Require", "100rel");
    headers.emplace_back("RSeq", std::to_string(++rseq_));
    respond(*incoming_, status, headers, body);
    // Once more when its PRACK is late; real stacks go on longer, the robot's peers are near.
    reliable_timer_ = parts_.loop.timers().after(Milliseconds(500), [this, status, headers, body] {
        if (state_ == CallState::incoming) respond(*incoming_, status, headers, body);
    });
}

void Call::on_prack(const Message& prack) {
    parts_.loop.timers().cancel(reliable_timer_);
    respond(prack, 200);
    emit("prack");
}

void Call::answer(const std::optional<std::string>& sdp) {
    if (state_ != CallState::incoming) return;
    const std::string body = sdp ? *sdp : our_answer();
    HeaderList headers = accept_session_timer(*incoming_);
    headers.emplace_back("Allow", parts_.options.allow());
    headers.emplace_back("Supported", "replaces, timer");
    state_ = CallState::answering;
    respond(*incoming_, 200, headers, body);
    if (!offer_in_200_) use_media();
    if (parts_.options.faults.answer_twice) {
        const auto first = std::exchange(dialog_.local_tag, random_token());
        respond(*incoming_, 200, headers, body);
        dialog_.local_tag = first;
    }
    emit("answered", {{"status", 200}});
}

bool Call::asked_to_answer() const {
    return incoming_ && lower(incoming_->header("Answer-Mode")).starts_with("auto");
}

void Call::refuse(int status, const HeaderList& headers) {
    if (state_ != CallState::incoming) return;
    respond(*incoming_, status, headers);
    end(status, "local", "");
}

void Call::cancelled(const Message& cancel) {
    respond(cancel, 200);
    if (state_ != CallState::incoming) return;
    respond(*incoming_, 487);
    end(487, "remote", cancel.header("Reason"));
}

}  // namespace patchbay::robot
