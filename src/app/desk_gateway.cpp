#include "app/desk_gateway.hpp"

#include <utility>

namespace patchbay::app {

void DeskGateway::submit(acd::Command command, acd::Reply reply) {
    if (mailbox_.post(Request{std::move(command), reply})) return;
    reply(Error{std::string(acd::refusal::overloaded), "the server is busy; try again in a moment"});
}

void DeskGateway::subscribe(std::string domain, std::uint64_t after, std::weak_ptr<acd::Listener> listener) {
    mailbox_.post_fact(Subscribe{std::move(domain), after, std::move(listener)});
}

void DeskGateway::run(acd::Desk& desk) {
    mailbox_.drain(drained_);
    for (const auto& item : drained_) {
        if (const auto* request = std::get_if<Request>(&item)) {
            desk.execute(request->command, request->reply);
        } else {
            const auto& wish = std::get<Subscribe>(item);
            desk.subscribe(wish.domain, wish.after, wish.listener);
        }
    }
    drained_.clear();
}

}  // namespace patchbay::app
