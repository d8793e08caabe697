// Who talks with whom in each call, as far as conversations tell of it: conferences, and who asks somebody
// before a transfer.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "call/event.hpp"

namespace patchbay::ecss {

/// Built from the events, in order. O(legs of the call) an event. Not thread-safe.
class Talks {
  public:
    /// `leg`: the event's, as it is after the event; null when it is not known. True when the event's call,
    /// or the one it moved from, has become a conference or is one no more.
    bool take(const call::Event& event, const call::LegView* leg);

    /// Do three or more talk in the call, none of whom is only asked?
    bool is_conference(CallRef call) const;
    /// Does the leg talk, or wait to talk, with whom it may transfer its call to?
    bool consults(CallRef call, LegId leg) const;
    /// Those who talk in the call.
    std::span<const LegId> legs(CallRef call) const;

  private:
    struct Talk {
        std::vector<LegId> legs;
        LegId consults;
    };
    static bool has_conference(const Talk& talk);
    bool leave(CallRef call, LegId leg);

    std::unordered_map<CallRef, Talk> talks_;
};

}  // namespace patchbay::ecss
