// A whole server in one loop on loopback: the Stack under test with the real switch and real media, and
// phones made of text that speak to it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "base/timers.hpp"
#include "call/switch.hpp"
#include "media/engine.hpp"
#include "raw_phone.hpp"
#include "sip/loop.hpp"
#include "sip/stack.hpp"

namespace patchbay::sip {

class Office : public testing::Test, public call::EventSink {
  protected:
    void SetUp() override { open({}); }
    void TearDown() override;

    /// Opens with the configuration as `change` leaves it.
    void open(const std::function<void(config::Config&)>& change);
    /// Handles what comes until the condition holds; false when it does not within seconds.
    bool until(const std::function<bool()>& condition);
    RawPhone& phone(const std::string& user, bool signed_in = true);
    /// 101 has called 102, who answered: both are connected.
    void connect(RawPhone& caller, RawPhone& called, const std::string& offer, const std::string& answer);
    struct Pair {
        RawPhone& anna;
        RawPhone& boris;
    };
    /// anna, at 101, has called boris, at 102: they talk.
    Pair talking();
    struct Ringing {
        RawPhone& anna;
        RawPhone& boris;
        RawMessage invite;
    };
    /// anna, at 101, calls boris, at 102, who has got the INVITE and said nothing yet.
    Ringing ringing();
    /// The cause of the leg whose party has that number; empty while it has not ended.
    std::string how_ended(const std::string& number) const;

    /// What the process has counted under that name, with its labels as Prometheus reads them; 0 when
    /// nothing.
    static double counted(const std::string& metric);

    void publish(call::Event event) override { events.push_back(std::move(event)); }

    Office();
    ~Office() override;

    const std::string data;  ///< folder of the node
    std::vector<call::Event> events;
    SystemClock clock;
    Timers timers{clock};
    Loop loop;
    /// What media threads tell of digits, on its way to the switch.
    Mailbox<std::pair<LegId, char>> digits{100};
    std::unique_ptr<media::Engine> engine;
    std::unique_ptr<Stack> stack;
    std::unique_ptr<call::Switch> the_switch;
    std::vector<std::unique_ptr<RawPhone>> phones;
};

}  // namespace patchbay::sip
