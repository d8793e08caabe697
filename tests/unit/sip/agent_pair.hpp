// Two agents in one loop on loopback: the server's under test, and the peer's that speaks to it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/timers.hpp"
#include "sip/agent.hpp"
#include "sip/loop.hpp"
#include "support/certificate.hpp"

namespace patchbay::sip {

/// What came back, kept after the response itself is gone.
struct Reply {
    int status = 0;
    std::vector<std::string> challenges, contacts;
    std::string min_expires, unsupported, retry_after;
};

class AgentPair : public testing::Test {
  protected:
    config::Sip listening() const {
        config::Sip settings;
        settings.udp = config::Endpoint{"127.0.0.1", 0};
        settings.tcp = config::Endpoint{"127.0.0.1", 0};
        settings.tls = config::Endpoint{"127.0.0.1", 0};
        settings.tls_files = certificate.files();
        return settings;
    }
    static Reply kept(const Response& response) {
        return {response.status(),
                response.values("WWW-Authenticate"),
                response.values("Contact"),
                response.value("Min-Expires"),
                response.value("Unsupported"),
                response.value("Retry-After")};
    }

    /// Handles what comes until the condition holds; fails the test when it does not within seconds.
    template <typename Condition>
    void until(Condition condition) {
        const Ticks end = clock.ticks() + Seconds{10};
        while (!condition() && clock.ticks() < end) loop.step(Milliseconds{20});
        ASSERT_TRUE(condition());
    }

    void SetUp() override {
        // What the agents dispatch outside dialogs goes straight to its handler.
        for (Agent* agent : {&server, &peer})
            agent->on_first_look([agent](msg_s* message, sip_s* sip, const Flow& flow) {
                agent->dispatch(message, sip, flow);
            });
        loop.drive(timers, clock);
    }

    /// `sip:127.0.0.1:port` of the server.
    std::string server_uri(std::string_view transport = "udp") {
        return route_uri({std::string(transport), *server.bound(transport)});
    }

    support::Certificate certificate;
    SystemClock clock;
    Timers timers{clock};
    Loop loop;
    Agent server{loop, listening()}, peer{loop, listening()};
};

}  // namespace patchbay::sip
