// Where registered phones are: the bindings of each address-of-record (RFC 3261, section 10.3; RFC 5626).
// Lookup is one hash; bindings go by timer when they expire. Switch thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/timers.hpp"
#include "config/config.hpp"

namespace patchbay::sip {

/// The way back to a phone: what its REGISTER came over (RFC 5626 calls it a flow).
struct Flow {
    std::string transport = "udp";  ///< udp | tcp | tls | ws | wss
    config::Endpoint peer;          ///< the source address as we saw it
    config::Endpoint bridge{};  ///< ws, wss: where Sofia sees it coming from (bridge.hpp); port 0: the same
    bool operator==(const Flow&) const = default;
};

struct Binding {
    std::string contact;   ///< URI as the phone wrote it
    std::string instance;  ///< +sip.instance; empty: none
    Flow flow;
    std::string call_id;
    std::uint32_t cseq = 0;
    int q = 1000;  ///< thousandths
    Time expires{};
    std::string user_agent;
    bool operator==(const Binding&) const = default;
};

/// An address-of-record: `number@domain`, the domain in lower case.
std::string address_of_record(std::string_view number, std::string_view domain);

struct LocationLimits {
    std::size_t bindings = 10;      ///< for one address-of-record
    std::size_t records = 200'000;  ///< addresses-of-record with a binding
};

/// Who hears when a number becomes reachable, or stops being so.
using LocationChanged = std::function<void(const std::string& record, bool reachable)>;

class Location {
  public:
    using Limits = LocationLimits;
    /// One Contact of a REGISTER. `expires` zero removes.
    struct Change {
        std::string contact, instance;
        int q = 1000;
        Seconds expires{};
    };
    /// One REGISTER's worth of changes, from one phone.
    struct Update {
        std::string call_id;
        std::uint32_t cseq = 0;
        Flow flow;
        std::string user_agent;
        bool remove_all = false;  ///< Contact: *
        std::vector<Change> changes;
    };

    Location(Clock& clock, Timers& timers, Limits limits = {});
    ~Location();
    Location(const Location&) = delete;
    Location& operator=(const Location&) = delete;

    /// All changes or none (RFC 3261, section 10.3, step 7). Errors: `out_of_order` (an older CSeq of the
    /// same Call-ID: 500), `too_many` (403).
    Result<Done> apply(const std::string& record, const Update& update);

    /// Forgets all that is bound there.
    void drop(const std::string& record);
    /// Forgets all that is bound to a flow which has ended and cannot come back: a bridge's.
    void drop_flow(const Flow& flow);

    /// What is bound there, highest q first; empty when nothing is. Valid until the next call that changes.
    const std::vector<Binding>& bindings(std::string_view record) const;
    bool reachable(std::string_view record) const { return !bindings(record).empty(); }
    /// How many addresses-of-record have a binding.
    std::size_t size() const { return records_.size(); }

    void on_change(LocationChanged listener) { changed_ = std::move(listener); }

    /// Rises with every change, refreshes too: whoever keeps a copy knows whether it is old.
    std::uint64_t version() const { return version_; }
    /// Rises when a phone comes that was not there, or comes another way than before.
    std::uint64_t arrivals() const { return arrivals_; }
    /// Every binding, for the copy on disk. In no order.
    void each(const std::function<void(const std::string& record, const Binding&)>& visit) const;
    /// Puts one back as it was, unless it has expired meanwhile.
    void restore(const std::string& record, Binding binding);

  private:
    struct Record {
        std::vector<Binding> bindings;
        TimerId timer;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    void replace(const std::string& record, std::vector<Binding> bindings);
    void note_flow(const std::string& record, const Flow& flow);
    void expire(const std::string& record);

    Clock& clock_;
    Timers& timers_;
    Limits limits_;
    std::unordered_map<std::string, Record, Hash, std::equal_to<>> records_;
    std::unordered_map<std::uint16_t, std::vector<std::string>> on_bridge_;  ///< records, by the flow's port
    LocationChanged changed_;
    std::uint64_t version_ = 0, arrivals_ = 0;
};

}  // namespace patchbay::sip
