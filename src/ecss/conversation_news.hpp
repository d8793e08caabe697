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
    /// `snapshot`: the conversations are all there are. They, and `queue_name`, must outlive it.
    ConversationNews(std::span<const Conversation> conversations, Position at, bool snapshot,
                     const QueueName& queue_name)
        : conversations_(conversations), at_(at), snapshot_(snapshot), queue_name_(queue_name) {}

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
    const QueueName& queue_name_;
    std::string frame_, notice_;
};

}  // namespace patchbay::ecss
