// The way into the switch thread: commands of the dialects and notices of the media threads.
#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "base/mailbox.hpp"
#include "call/command.hpp"
#include "call/ports.hpp"
#include "call/switch.hpp"

namespace patchbay::app {

/// A queue in front of the switch. submit() and the notices: any thread. descriptor() and run(): the switch
/// thread.
class SwitchGateway final : public call::Gateway {
  public:
    /// `capacity`: commands that may wait; more are refused as `overloaded`.
    explicit SwitchGateway(std::size_t capacity) : mailbox_(capacity) {}

    void submit(call::Command command, call::Reply reply) override;
    void media_lost(LegId leg) { mailbox_.post_fact(Lost{leg}); }
    void dtmf_heard(LegId leg, char digit) { mailbox_.post_fact(Digit{leg, digit}); }
    void announced(LegId leg, std::uint32_t announcement) {
        mailbox_.post_fact(Announced{leg, announcement});
    }

    void recording_failed(LegId leg, Uuid recording, std::string_view reason) {
        mailbox_.post_fact(Failed{leg, recording, reason});
    }

    int descriptor() const { return mailbox_.descriptor(); }
    /// Hands everything that waits to the switch.
    void run(call::Switch& calls);

  private:
    struct Request {
        call::Command command;
        call::Reply reply;
    };
    struct Lost {
        LegId leg;
    };
    struct Digit {
        LegId leg;
        char digit;
    };
    struct Announced {
        LegId leg;
        std::uint32_t announcement;
    };
    struct Failed {
        LegId leg;
        Uuid recording;
        std::string_view reason;
    };
    using Item = std::variant<Request, Lost, Digit, Announced, Failed>;

    Mailbox<Item> mailbox_;
    std::vector<Item> drained_;
};

}  // namespace patchbay::app
