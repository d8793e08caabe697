// Operators and queues as the desk tells them, and the clients that want to hear of them. A read model, like
// the feed of conversations, which it tells of after-call work.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "acd/gateway.hpp"
#include "ecss/conversation_feed.hpp"
#include "ecss/login_sessions.hpp"

namespace patchbay::ecss {

class DeskRoom;

/// Tells clients of every change of their operators and queues, in order, each change once: an operator of
/// itself and the queues it serves, a supervisor of the group's. Encodes on a thread of its own, so that the
/// switch's only passes events on. Where that thread does not keep up, what waits is thrown away and the desk
/// is asked anew: all clients get a snapshot then.
class DeskFeed {
  public:
    /// Events that may wait for the feed's thread.
    static constexpr std::size_t most_waiting = 8'192;

    /// Takes a frame's text. Called under a lock: must neither block nor call back.
    using Send = std::function<void(const std::string& frame)>;

    /// `desk` may be null: then there is nothing to tell. Both outlive this.
    DeskFeed(acd::Gateway* desk, ConversationFeed& conversations);
    ~DeskFeed();
    DeskFeed(const DeskFeed&) = delete;
    DeskFeed& operator=(const DeskFeed&) = delete;

    /// Any thread. Hears of that domain from now on, so that its after-call work is known without any client.
    void open(const std::string& domain);

    /// One client's place; it hears nothing more once this is gone.
    class Place {
      public:
        Place(std::shared_ptr<DeskRoom> room, std::uint64_t id) : room_(std::move(room)), id_(id) {}
        ~Place();
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

      private:
        const std::shared_ptr<DeskRoom> room_;
        const std::uint64_t id_;
    };

    /// Any thread. With `after`, the offset of the last event it saw: first what was missed; with 0, or when
    /// that is no longer known, a snapshot. Then every change, until the session ends.
    std::unique_ptr<Place> join(Audience audience, LoginSessionPtr session, std::uint64_t after, Send send);

  private:
    class Belt;
    std::shared_ptr<DeskRoom> room_of(const std::string& domain);
    void run();
    void stand_at(const std::string& domain, const std::shared_ptr<DeskRoom>& room);
    void ask_anew();

    acd::Gateway* const desk_;
    ConversationFeed& conversations_;
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<DeskRoom>> rooms_;  ///< by domain
    std::unordered_map<std::string, std::shared_ptr<acd::Listener>> listeners_;
    std::shared_ptr<Belt> belt_;
    std::thread thread_;
};

}  // namespace patchbay::ecss
