// The way into the switch thread: commands of the dialects and notices of the media threads.
#pragma once

#include <string_view>

#include "app/carrier.hpp"
#include "call/ports.hpp"
#include "call/switch.hpp"

namespace patchbay::app {

/// submit() and the notices: any thread. descriptor() and run(): the switch thread.
class SwitchGateway final : public call::Gateway {
  public:
    /// `capacity`: commands that may wait; more are refused as `overloaded`.
    explicit SwitchGateway(std::size_t capacity) : carrier_(capacity) {}

    void submit(call::Command command, call::Reply reply) override {
        carrier_.submit(std::move(command), std::move(reply));
    }
    void media_lost(LegId leg) { carrier_.tell(Lost{leg}); }
    void dtmf(LegId leg, char digit) { carrier_.tell(Digit{leg, digit}); }
    void announced(LegId leg, std::uint32_t announcement) { carrier_.tell(Announced{leg, announcement}); }
    void recording_failed(LegId leg, Uuid recording, std::string_view reason) {
        carrier_.tell(Failed{leg, recording, reason});
    }

    void fax_ended(LegId leg, int pages, std::string_view reason) { carrier_.tell(Fax{leg, pages, reason}); }

    int descriptor() const { return carrier_.descriptor(); }
    /// Hands everything that waits to the switch.
    void run(call::Switch& calls);

  private:
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
    struct Fax {
        LegId leg;
        int pages;
        std::string_view reason;
    };

    using Commands = Carrier<call::Command, call::Reply, Lost, Digit, Announced, Failed, Fax>;
    Commands carrier_;
};

}  // namespace patchbay::app
