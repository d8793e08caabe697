#include "app/switch_gateway.hpp"

#include <string>

namespace patchbay::app {
namespace {

template <typename... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <typename... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

void SwitchGateway::submit(call::Command command, call::Reply reply) {
    if (mailbox_.post(Request{std::move(command), reply})) return;
    reply(Error{std::string(call::refusal::overloaded), "the server is busy; try again in a moment"});
}

void SwitchGateway::run(call::Switch& calls) {
    mailbox_.drain(drained_);
    const Overloaded hand_over{
        [&](const Request& request) { calls.execute(request.command, request.reply); },
        [&](const Lost& lost) { calls.media_lost(lost.leg); },
        [&](const Digit& heard) { calls.dtmf_heard(heard.leg, heard.digit); },
        [&](const Announced& done) { calls.announcement_ended(done.leg, done.announcement); },
        [&](const Failed& failed) { calls.recording_failed(failed.leg, failed.recording, failed.reason); },
    };
    for (const auto& item : drained_) std::visit(hand_over, item);
    drained_.clear();
}

}  // namespace patchbay::app
