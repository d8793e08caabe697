#include "config/restart.hpp"

#include <gmock/gmock.h>

namespace patchbay::config {
namespace {

TEST(WaitingForRestart, NamesWhatAReloadDoesNotChange) {
    const Config running;
    EXPECT_THAT(waiting_for_restart(running, running), testing::IsEmpty());
    Config next;
    next.sip.udp = Endpoint{"127.0.0.1", 5070};
    next.media.last_port = 40000;
    next.media.recording.retention = next.media.fax.retention = Seconds{60};
    next.storage.url = "sqlite:elsewhere";
    next.node.log_level = "debug";
    next.http.idle_timeout = Seconds{1};
    EXPECT_THAT(
        waiting_for_restart(running, next),
        testing::ElementsAre("sip.udp", "media.ports", "media.recording", "media.fax", "storage.url"));
}

}  // namespace
}  // namespace patchbay::config
