// A connected leg's own changes as a queue: one outstanding, what is wanted meanwhile collapses into one, and
// glare is retried by the RFC's clock (RFC 3261, section 14.1). Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace patchbay::sip {

/// What a re-INVITE or UPDATE of ours is to bring about.
struct Update {
    bool offer = false;     ///< codec or direction changes: carries SDP
    LegId like;             ///< the leg whose codec is wanted
    bool retrieve = false;  ///< asks a phone that holds to come back
    bool refresh = false;   ///< the session timer's
    bool t38 = false;       ///< T.38 in the place of audio
};

class UpdateQueue {
  public:
    /// Adds to what is wanted; the newer `like` wins.
    void want(const Update& update);
    /// What to send now, which is then outstanding; nothing while one is, or while glare waits.
    std::optional<Update> next();
    /// The outstanding one was answered, well or not.
    void done();
    /// The outstanding one met glare: wanted again, once resume() was called.
    void glare();
    /// The waiting time after glare is over.
    void resume() { waiting_ = false; }

    bool outstanding() const { return outstanding_.has_value(); }
    const std::optional<Update>& current() const { return outstanding_; }

  private:
    std::optional<Update> wanted_, outstanding_;
    bool waiting_ = false;
};

/// How long to wait after glare: 2.1 to 4 s for the side that made the Call-ID, 0 to 2 s for the other, in
/// steps of 10 ms. `chance`: any random number.
Milliseconds glare_delay(bool owns_call_id, std::uint64_t chance);

}  // namespace patchbay::sip
