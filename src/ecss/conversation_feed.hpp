// Conversations as the events tell them, and the clients that want to hear of them. A read model, like
// history: it decides nothing.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "call/facts.hpp"
#include "ecss/answers.hpp"
#include "ecss/conversation_news.hpp"
#include "ecss/login_sessions.hpp"
#include "ecss/position.hpp"
#include "ecss/talks.hpp"
#include "journal/feed.hpp"

namespace patchbay::ecss {

/// Whose conversations a client hears of.
struct Audience {
    std::string domain;
    std::string operator_id;
    std::string group;  ///< of a supervisor: all conversations of that group, too; empty otherwise
    std::vector<std::string> others{};  ///< more operators whose conversations it hears of
};

/// Tells clients of every change of their conversations, in order, each change once.
class ConversationFeed {
  public:
    /// Changes that are remembered for clients that come back.
    static constexpr std::size_t remembered = 16'384;

    /// Takes one message. Called under the feed's lock: must neither block nor call back.
    using Send = std::function<void(ConversationNews& news)>;

    /// `journal` outlives this. Begins with what the journal still has of the latest events.
    explicit ConversationFeed(journal::Feed& journal, QueueName queue_name = {});
    ~ConversationFeed();
    ConversationFeed(const ConversationFeed&) = delete;
    ConversationFeed& operator=(const ConversationFeed&) = delete;

    /// One client's place; it hears nothing more once this is gone. Does not outlive the feed.
    class Place {
      public:
        Place(ConversationFeed& feed, std::uint64_t id) : feed_(feed), id_(id) {}
        ~Place() { feed_.leave(id_); }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

      private:
        ConversationFeed& feed_;
        const std::uint64_t id_;
    };

    /// Any thread. With `after`: first what was missed since that place; without, or when that is no longer
    /// known, a snapshot. Then every change, until the session ends.
    std::unique_ptr<Place> join(Audience audience, LoginSessionPtr session, std::optional<Position> after,
                                Send send);

    /// Any thread. The operator has after-call work to do for that conversation, which has ended or is about
    /// to be told so; and has done it.
    void begin_after_call(std::string_view domain, std::string_view operator_id, LegId leg);
    void end_after_call(std::string_view domain, std::string_view operator_id);
    /// Any thread. The conversation for which the operator has after-call work to do.
    std::optional<Conversation> unfinished(std::string_view domain, std::string_view operator_id);
    /// Any thread. Ends the sessions with which that operator hears of conversations, its own or others'.
    void end_sessions(std::string_view domain, std::string_view operator_id);

    /// Any thread. Of what the switch knows of a leg, all that a conversation shows.
    std::vector<Conversation> conversations_of(std::span<const call::LegView> legs);

  private:
    struct Change {
        Position at;
        Conversation conversation;  ///< as it was after the change
    };
    struct Client {
        Audience audience;
        LoginSessionPtr session;
        Position after;  ///< hears of later changes only
        Send send;
    };
    using ClientPtr = std::shared_ptr<Client>;
    using ClientList = std::vector<ClientPtr>;
    /// An operator's last conversation that ended, and where its after-call work stands.
    struct AfterCall {
        LegId leg;                         ///< whose after-call work has begun
        std::optional<Conversation> last;  ///< ended; none while that is still to be told
        bool begun = false, finished = false;
    };

    void take(std::span<const call::Event> events);
    void apply(const call::Event& event);
    void see(Conversation& conversation, const call::Event& event);
    void ended(const Conversation& conversation);
    void tell_of_conference(CallRef call, LegId but);
    void tell_after_call(AfterCall& work);
    void remember(Conversation conversation);
    void tell(const Change& change);
    void tell(const ClientList* clients, ConversationNews& news);
    void send_snapshot(Client& client);
    void send_missed(Client& client);
    bool knows(Position after) const;
    void leave(std::uint64_t id);
    template <typename Do>
    void for_each_key(const Audience& audience, Do action);
    const ClientList* clients_of(char kind, std::string_view domain, std::string_view name);
    AfterCall& after_call_of(std::string_view domain, std::string_view operator_id);

    journal::Feed& journal_;
    const QueueName queue_name_;
    std::mutex mutex_;
    std::unordered_map<LegId, Conversation> live_;
    Talks talks_;
    CallRef parked_in_;  ///< where a leg was parked last, and its slot: its party's end follows
    int parked_slot_ = 0;
    std::unordered_map<std::string, AfterCall> after_calls_;  ///< by domain and operator
    std::deque<Change> changes_;
    std::uint64_t start_;  ///< up to here events are of earlier runs, whose own changes are not known
    Position floor_;       ///< changes_ holds all changes after this
    Position seen_;        ///< the newest event taken, and the changes since
    std::uint64_t last_id_ = 0;
    std::unordered_map<std::uint64_t, ClientPtr> clients_;
    std::unordered_map<std::string, ClientList> index_;  ///< by kind, domain and operator or group
    std::string key_;                                    ///< kept for its storage
    std::unique_ptr<journal::Subscription> subscription_;
};

}  // namespace patchbay::ecss
