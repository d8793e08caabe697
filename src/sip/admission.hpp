// Who gets in when more is offered than the node carries: new calls are admitted or refused with 503 and
// Retry-After before they cost anything (RFC 3261, section 21.5.4; RFC 6357). Requests within a dialog are
// never asked here: a call once accepted is carried. Pure policy; switch thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace patchbay::sip {

struct AdmissionLimits {
    double calls_per_second = 0;             ///< 0: as many as the machine carries
    double burst_seconds = 1;                ///< that many seconds' worth may come at once
    double backlog_high = 0.4;               ///< share of the receive buffer in use: above it, refuse
    double backlog_low = 0.1;                ///< below this again: admit
    Milliseconds lag_high{500};              ///< the loop runs later than this on average: refuse
    Milliseconds lag_low{100};               ///< below this again: admit
    std::size_t transactions_high = 60'000;  ///< open at once
    std::size_t transactions_low = 45'000;
    double source_messages_per_second = 2000;  ///< from one address that is no trunk, requests of any kind
    int garbage_per_minute = 60;               ///< unreadable messages from one address, then it is ignored
    Seconds garbage_penalty{30};
    std::size_t sources = 20'000;  ///< remembered at most
};

class Admission {
  public:
    using Limits = AdmissionLimits;
    /// How loaded the node is just now.
    struct Load {
        double backlog = 0;                 ///< share of the receive buffer in use, 0 to 1 (ReceiveQueue)
        std::uint64_t dropped = 0;          ///< datagrams the kernel dropped so far for want of room
        std::optional<Milliseconds> lag{};  ///< how late the loop's timer ran; none: not measured anew
        std::size_t transactions = 0;       ///< open
    };
    /// Why a call was refused.
    enum class Reason : std::uint8_t { none, rate, backlog, lag, transactions };
    struct Verdict {
        bool admitted = true;
        Seconds retry_after{};  ///< when refused
        Reason reason = Reason::none;
    };

    explicit Admission(Clock& clock, Limits limits = {});

    /// Tell it before each new_call() or so, and at least every 100 ms under load.
    void measured(const Load& load);

    /// Asked of every INVITE without To tag before anything is done for it: answer 503 statelessly?
    Verdict keeps_up();
    /// The same, and one call of the rate that is allowed: asked of a call whose caller has proven who it is.
    Verdict new_call();

    /// A message of any kind came from that address (no port). False: drop it unread.
    bool accepts(std::string_view source);
    /// What came from there was no SIP.
    void garbage(std::string_view source);

    /// False while calls are refused for load; for /readyz.
    bool ready() const { return !overloaded_; }
    void set_rate(double calls_per_second) { limits_.calls_per_second = calls_per_second; }

  private:
    struct Bucket {
        double tokens = 0;
        Ticks filled{};
    };
    struct Source {
        Bucket messages;
        int garbage = 0;
        Ticks garbage_since{}, ignored_until{};
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    bool take(Bucket& bucket, double rate, double burst);
    Source& source(std::string_view address);
    void forget_one();
    Reason too_much(const Load& load) const;
    bool little(const Load& load) const;
    static Seconds retry_after(Milliseconds overloaded_for);

    Clock& clock_;
    Limits limits_;
    Bucket calls_;
    double lag_ = 0;             ///< smoothed, ms
    std::uint64_t dropped_ = 0;  ///< as of the last measurement
    Ticks measured_{};
    bool overloaded_ = false;
    Reason why_ = Reason::none;
    Ticks overloaded_since_{};
    std::unordered_map<std::string, Source, Hash, std::equal_to<>> sources_;
};

/// A refusal's reason as the metric's label.
std::string_view word(Admission::Reason reason);

}  // namespace patchbay::sip
