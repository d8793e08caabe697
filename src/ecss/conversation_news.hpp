// What one message tells clients of conversations, in the spelling that each wants.
#pragma once

#include <span>
#include <string>

#include "ecss/answers.hpp"
#include "ecss/position.hpp"

namespace patchbay::ecss {

/// Lives for one telling; each spelling is written once, for the first client that wants it. Not thread-safe.
class ConversationNews {
  public:
    /// `snapshot`: the conversations are all there are. They must outlive it.
    ConversationNews(std::span<const Conversation> conversations, Position at, bool snapshot)
        : conversations_(conversations), at_(at), snapshot_(snapshot) {}

    std::span<const Conversation> conversations() const { return conversations_; }
    Position at() const { return at_; }
    bool is_snapshot() const { return snapshot_; }
    /// The frame socket's event (frame.hpp).
    const std::string& frame();
    /// The JSON socket's notification (json_message.hpp).
    const std::string& notice();

  private:
    const std::span<const Conversation> conversations_;
    const Position at_;
    const bool snapshot_;
    std::string frame_, notice_;
};

}  // namespace patchbay::ecss
