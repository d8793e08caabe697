#include "app/switch_gateway.hpp"

namespace patchbay::app {

void SwitchGateway::run(call::Switch& calls) {
    carrier_.run(HandOver{
        [&](const Commands::Request& request) { calls.execute(request.command, request.reply); },
        [&](const Lost& lost) { calls.media_lost(lost.leg); },
        [&](const Digit& heard) { calls.dtmf(heard.leg, heard.digit); },
        [&](const Announced& done) { calls.announcement_ended(done.leg, done.announcement); },
        [&](const Fax& fax) { calls.fax_ended(fax.leg, fax.pages, fax.reason); },
        [&](const Failed& failed) { calls.recording_failed(failed.leg, failed.recording, failed.reason); },
    });
}

}  // namespace patchbay::app
