#include "app/desk_gateway.hpp"

namespace patchbay::app {

void DeskGateway::run(acd::Desk& desk) {
    carrier_.run(HandOver{
        [&](const Commands::Request& request) { desk.execute(request.command, request.reply); },
        [&](const Subscription& wish) { desk.subscribe(wish.domain, wish.after, wish.listener); },
    });
}

}  // namespace patchbay::app
