// One domain's operators and queues as the desk told them last, the changes before that, and who hears of
// them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "acd/event.hpp"
#include "ecss/conversation_feed.hpp"
#include "ecss/node.hpp"

namespace patchbay::ecss {

/// Any thread.
class DeskRoom {
  public:
    /// Changes that are remembered for clients that come back, and the memory they may take in bytes:
    /// whichever is reached first.
    static constexpr std::size_t remembered = 65'536;
    static constexpr std::size_t remembered_bytes = std::size_t{64} * 1024 * 1024;

    using Send = std::function<void(const std::string& frame)>;

    explicit DeskRoom(ConversationFeed& conversations) : conversations_(conversations) {}

    /// From the desk, in order; a snapshot first.
    void take(const acd::Snapshot& snapshot);
    void take(const acd::Event& event);

    /// A client that comes before the first snapshot is told when that comes.
    std::uint64_t join(Audience audience, LoginSessionPtr session, std::uint64_t after, Send send);
    void leave(std::uint64_t id);

  private:
    /// Who hears of something.
    struct Concerned {
        std::vector<std::string> operators, groups;
        bool includes(const Audience& audience) const;
    };
    struct Change {
        std::uint64_t offset = 0;
        std::string frame;
        Concerned concerned;
        std::size_t bytes() const;
    };
    struct Client {
        Audience audience;
        LoginSessionPtr session;
        std::uint64_t after = 0;
        Send send;
    };
    struct Apply;
    /// Who waits in a queue, in the order of service.
    using Line = std::map<std::pair<Time, std::uint64_t>, acd::WaitingView>;

    /// Nobody was ever here who could come back: no changes need to be remembered.
    bool is_untold() const { return last_id_ == 0; }

    Concerned of_operator(const acd::OperatorView& agent) const;
    Concerned of_queue(const std::string& id) const;
    void end_sessions(const acd::OperatorView& person);
    void after_call(const acd::OperatorView* before, const acd::OperatorView& now);
    void tell(std::string_view name, Node content, Concerned concerned);
    void remember(Change change);
    void welcome(Client& client);
    void send_snapshot(Client& client);
    static void add_line(const Line& line, std::vector<Node>& nodes);

    ConversationFeed& conversations_;
    std::mutex mutex_;
    bool open_ = false;  ///< the first snapshot came
    std::map<std::string, acd::OperatorView> operators_;
    std::map<std::string, acd::QueueView> queues_;
    std::map<std::string, Line> lines_;  ///< by queue
    std::deque<Change> changes_;
    std::size_t bytes_ = 0;    ///< that the changes take
    std::uint64_t floor_ = 0;  ///< changes_ holds all changes after this
    std::uint64_t seen_ = 0;   ///< the newest event taken
    std::uint64_t last_id_ = 0;
    std::unordered_map<std::uint64_t, Client> clients_;
};

}  // namespace patchbay::ecss
