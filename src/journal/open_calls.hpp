// Which legs and calls are open at an offset: what a restart must close, and what retention must keep.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "call/event.hpp"

namespace patchbay::journal {

struct OpenLeg {
    CallRef call;
    std::uint64_t first_offset = 0;
    Time started{};
};

struct OpenCall {
    std::uint32_t sequence = 0;  ///< of its newest event
    std::uint64_t first_offset = 0;
};

/// A fold over events; a plain value. Costs O(1) an event.
class OpenCalls {
  public:
    /// Events in order. One whose leg's or call's beginning is not known is counted only for newest().
    void apply(const call::Event& event);
    void add(LegId id, const OpenLeg& leg) { legs_[id] = leg; }
    void add(CallRef ref, const OpenCall& call) { calls_[ref] = call; }
    void set_newest(std::uint64_t offset, Time at);

    const std::unordered_map<LegId, OpenLeg>& legs() const { return legs_; }
    const std::unordered_map<CallRef, OpenCall>& calls() const { return calls_; }
    /// Offset and time of the newest event; 0 and the epoch before the first.
    std::uint64_t newest() const { return newest_; }
    Time newest_at() const { return newest_at_; }
    /// The oldest event that an open leg or call still needs. O(open legs).
    std::optional<std::uint64_t> oldest_needed() const;

  private:
    std::unordered_map<LegId, OpenLeg> legs_;
    std::unordered_map<CallRef, OpenCall> calls_;
    std::uint64_t newest_ = 0;
    Time newest_at_{};
};

}  // namespace patchbay::journal
