// A call of ours, from INVITE to its ACK.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "call.hpp"

namespace patchbay::robot {

namespace {

bool mentions(std::string_view list, std::string_view token) {
    return std::ranges::any_of(split(list, ','), [&](auto part) { return iequals(trim(part), token); });
}

}  // namespace

void Call::invite(Dialog dialog, const Invitation& invitation) {
    dialog_ = std::move(dialog);
    invitation_ = invitation;
    we_called_ = true;
    state_ = CallState::calling;
    dialog_.target = invitation.uri;
    Message message = dialog_.request("INVITE");
    std::string supported = "replaces, timer";
    if (parts_.options.reliable == Reliable::supported) supported += ", 100rel";
    if (parts_.options.reliable == Reliable::required) message.add("Require", "100rel");
    message.add("Supported", supported);
    message.add("Allow", parts_.options.allow());
    add_session_timer(message);
    for (const auto& [name, value] : invitation.headers) message.set(name, value);
    const auto own = invitation.late_offer ? std::string() : session_.offer(media().local(), wanted_);
    message.body = invitation.sdp.value_or(own);
    if (!message.body.empty()) message.set("Content-Type", "application/sdp");
    parts_.sender.send(
        std::move(message), dialog_.first_hop, dialog_.cseq,
        [self = shared_from_this()](const Message& response) { self->on_invite_reply(response); }, &branch_);
    emit("calling", {{"to", user_in(invitation.uri)}, {"call_id", dialog_.call_id}});
}

void Call::cancel() {
    if (state_ != CallState::calling) return;
    cancelling_ = true;
    parts_.transactions.cancel(branch_);
}

void Call::on_invite_reply(const Message& response) {
    if (response.status < 200) return on_provisional(response);
    if (response.status < 300) return on_answer(response);
    on_refusal(response);
}

void Call::on_provisional(const Message& response) {
    if (response.status == 100 || state_ != CallState::calling) return;
    dialog_.learn_from_response(response);
    const bool body = !response.body.empty();
    if (body && !invitation_.late_offer && session_.take_answer(response.body)) use_media();
    emit("ringing", {{"status", response.status}, {"sdp", body}});
    if (mentions(response.header("Require"), "100rel") && !response.header("RSeq").empty()) prack(response);
}

void Call::prack(const Message& response) {
    const auto rseq = static_cast<unsigned>(to_number(response.header("RSeq")).value_or(0));
    if (parts_.options.faults.never_prack || rseq <= last_rseq_) return;
    last_rseq_ = rseq;
    Message message = dialog_.request("PRACK");
    message.add("RAck", fmt::format("{} {}", rseq, response.header("CSeq")));
    if (invitation_.late_offer && !response.body.empty() && session_.take_offer(response.body)) {
        message.body = session_.answer(media().local(), wanted_);
        message.add("Content-Type", "application/sdp");
        use_media();
    }
    request(std::move(message), [this](const Message& reply) {
        emit("reply", {{"method", "PRACK"}, {"status", reply.status}});
    });
}

void Call::on_answer(const Message& response) {
    dialog_.learn_from_response(response);
    std::string answer;
    const bool late = invitation_.late_offer && !session_.remote();
    if (late && session_.take_offer(response.body)) answer = session_.answer(media().local(), wanted_);
    const bool usable = late ? !answer.empty() : session_.take_answer(response.body) || session_.remote();
    acknowledge(response, answer);
    state_ = CallState::connected;
    if (usable) use_media();
    start_session_timer(response);
    emit("answered", {{"status", response.status},
                      {"from", display_name_in(response.header("To"))},
                      {"asserted", response.header("P-Asserted-Identity")}});
    // A 200 that crossed our CANCEL is taken and hung up (RFC 3261, section 9.1).
    if (!usable || cancelling_) hangup({});
}

void Call::acknowledge(const Message& response, const std::string& body) {
    if (parts_.options.faults.never_ack) return;
    Message ack = dialog_.request("ACK");
    ack.add("CSeq", fmt::format("{} ACK", response.cseq()));
    if (!body.empty()) ack.add("Content-Type", "application/sdp");
    ack.body = body;
    parts_.transactions.acknowledge(branch_, std::move(ack), dialog_.flow());
}

void Call::on_refusal(const Message& response) {
    if (response.status == 422 && min_se_ == 0) {
        // The server wants a longer session interval (RFC 4028, section 7.3): once more with it.
        min_se_ = static_cast<int>(to_number(response.header("Min-SE")).value_or(90));
        emit("reply", {{"method", "INVITE"}, {"status", 422}, {"min_se", min_se_}});
        Dialog again = dialog_;
        again.remote_tag.clear();
        invite(std::move(again), Invitation(invitation_));
        return;
    }
    const auto contacts = response.all("Contact");
    if (!contacts.empty()) emit("redirected", {{"to", uri_in(contacts.front())}});
    end(response.status, "remote", response.header("Reason"));
}

}  // namespace patchbay::robot
