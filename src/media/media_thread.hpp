// One media thread: it owns its legs' ports, waits for their packets, keeps the mixer's time, and does what
// the switch thread's edits say, in their order.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/mailbox.hpp"
#include "call/hearing.hpp"
#include "config/config.hpp"
#include "media/digits.hpp"
#include "media/faxes.hpp"
#include "media/inlet.hpp"
#include "media/leg_audio.hpp"
#include "media/mixer.hpp"
#include "media/port_pool.hpp"
#include "media/port_watch.hpp"
#include "media/rtcp_exchange.hpp"
#include "media/security_exchange.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

/// What all media threads share, alive as long as they.
struct Shared {
    const Sounds& sounds;
    PortPool& ports;
    const DtlsIdentity& identity;
    Milliseconds timeout;  ///< 0: never
    bool hear_all_digits;  ///< also between phones that know only tones
    std::function<void(LegId)> lost;
    std::function<void(LegId, char)> dtmf;
    std::function<void(LegId, std::uint32_t)> announced;
    Faxes::Ended fax_ended;
    RtcpExchange::Told rtcp;
    Address host;  ///< where all ports are
    std::string canonical_name;
    Moment epoch;  ///< tick 0
};

class MediaThread {
  public:
    struct Adopt {
        std::unique_ptr<LegAudio> leg;
    };
    /// Gives the leg to another thread, which was told to expect it.
    struct Release {
        LegId leg;
        MediaThread* to;
    };
    /// Edits wait from here on until the leg has come.
    struct Expect {
        LegId leg;
    };
    struct Hear {
        call::Hearing rows;
    };
    struct Connect {
        LegId leg;
        Peer peer;
    };
    /// The leg's party pressed a digit, told by INFO.
    struct Press {
        LegId leg;
        char digit;
    };
    struct Record {
        LegId leg;
        std::uint64_t recording;
    };
    /// The leg is a fax machine's from now on.
    struct BeginFax {
        LegId leg;
        std::unique_ptr<FaxLeg> fax;
    };
    struct EndFax {
        LegId leg;
    };
    struct Close {
        LegId leg;
    };
    struct Stop {};
    using Edit =
        std::variant<Adopt, Release, Expect, Hear, Connect, Press, Record, BeginFax, EndFax, Close, Stop>;

    /// Throws std::system_error when the kernel has no descriptors or threads left.
    MediaThread(const Shared& shared, RecordingRing& taps);
    /// Ends the thread; the ports of its legs are closed.
    ~MediaThread();
    MediaThread(const MediaThread&) = delete;
    MediaThread& operator=(const MediaThread&) = delete;

    /// Ends the thread, which may still be posted to. Its maker's thread.
    void stop();
    /// Any thread. Edits are facts: none is ever dropped.
    void post(Edit edit) { mailbox_.post_fact(std::move(edit)); }

  private:
    void run();
    bool receive(std::span<const epoll_event> events, Moment now, std::uint64_t tick);
    int wait_time(Moment now) const;
    bool take_packet(const epoll_event& event, Moment now, std::uint64_t tick);
    void take_edits(Moment now);
    void apply_or_defer(Edit& edit, Moment now);
    void run_ticks(Moment now);
    void tick(std::uint64_t number, Moment now);
    void look_after_legs(Moment now);
    bool ticking() const { return !mixer_.idle() || !digits_.idle() || !faxes_.idle(); }
    std::uint64_t tick_number(Moment now) const;

    void apply(Adopt& edit, Moment now);
    void apply(Release& edit, Moment now);
    void apply(Expect& edit, Moment now);
    void apply(Hear& edit, Moment now);
    void apply(Connect& edit, Moment now);
    void apply(Press& edit, Moment now);
    void apply(Record& edit, Moment now);
    void apply(BeginFax& edit, Moment now);
    void apply(EndFax& edit, Moment now);
    void apply(Close& edit, Moment now);
    void apply(Stop& edit, Moment now);

    LegAudio* find(LegId leg) const;
    void watch(LegAudio& leg);
    std::unique_ptr<LegAudio> take_out(LegId leg);
    void settle_mode(LegAudio& ear);
    void settle_listeners(const LegAudio& leg);

    const Shared& shared_;
    Mailbox<Edit> mailbox_;
    PortWatch watch_;
    Traffic traffic_;
    RtcpExchange rtcp_;
    SecurityExchange security_;
    Digits digits_;
    Faxes faxes_;
    Inlet inlet_;
    Mixer mixer_;
    std::unordered_map<LegId, std::unique_ptr<LegAudio>> legs_;
    std::vector<Edit> edits_, deferred_;
    std::unordered_set<LegId> expected_;
    std::uint64_t last_tick_ = 0;
    Moment next_look_{};
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace patchbay::media
