// SIP transactions (RFC 3261, section 17), small: enough for a phone, and with the ACK in the hands of who
// uses it, because the robot must be able to forget it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "faults.hpp"
#include "loop.hpp"
#include "message.hpp"
#include "transport.hpp"

namespace patchbay::robot {

/// Uses the loop's thread.
class Transactions {
  public:
    /// Each provisional and each final response of a request; a 408 made here when none comes.
    using Reply = std::function<void(const Message&)>;
    struct Handlers {
        std::function<void(const Message&, const Flow&)> request;  ///< new ones only, no retransmissions
        std::function<void(const Message&)> ack;
        std::function<void(const std::string& call_id)> no_ack;  ///< a final of ours to INVITE got none
    };
    struct Counts {
        std::uint64_t sent = 0, received = 0;
        std::uint64_t repeated = 0;           ///< we sent again, unasked
        std::uint64_t received_repeated = 0;  ///< the peer sent again
    };

    Transactions(Loop& loop, const config::Endpoint& local, std::uint16_t port, const Faults& faults,
                 Handlers handlers);
    ~Transactions();

    const config::Endpoint& local() const { return transport_.local(); }
    /// Sends the request with a Via of ours. Returns the branch, which names the transaction.
    std::string request(Message message, const Flow& to, Reply reply);
    /// Sends CANCEL for a pending INVITE of that branch.
    void cancel(const std::string& branch);
    /// Sends the ACK of a 2xx, and again whenever that 2xx is repeated.
    void acknowledge(const std::string& branch, Message ack, const Flow& to);
    /// Answers a request that was handed up. Finals to INVITE are repeated until their ACK comes.
    void respond(const Message& request, const Message& response);
    /// Sends the last message once more, `count` times.
    void storm(int count);
    void send_raw(std::string_view bytes, const Flow& to);
    const Counts& counts() const { return counts_; }

  private:
    struct Client {
        Message request;
        std::string text;
        Flow to;
        Reply reply;
        Milliseconds interval{500};
        TimerId repeat, timeout;
        bool provisional = false, done = false;
        std::string ack, ack_tag;
        Flow ack_to;
    };
    struct Server {
        Flow from;
        std::string last;  ///< the response sent last
        bool awaits_ack = false;
        Milliseconds interval{500};
        TimerId repeat;
        std::string call_id;
    };
    using ClientPtr = std::shared_ptr<Client>;
    using ServerPtr = std::shared_ptr<Server>;

    void receive(const Message& message, const Flow& from);
    void receive_request(const Message& message, const Flow& from);
    void receive_ack(const Message& ack);
    void receive_reply(const Message& message);
    void finish(const std::string& branch, const ClientPtr& client, const Message& message);
    void acknowledge_refusal(const ClientPtr& client, const Message& response);
    void repeat_request(const std::string& branch);
    void repeat_response(const std::string& key, int left);
    void send(const std::string& text, const Flow& to);
    std::string via(const Flow& to, std::string_view branch) const;

    Loop& loop_;
    const Faults& faults_;
    Handlers handlers_;
    std::map<std::string, ClientPtr> clients_;
    std::map<std::string, ServerPtr> servers_;
    std::map<std::string, std::string> awaiting_ack_;  ///< Call-ID and CSeq number → server key
    Counts counts_;
    std::string last_text_;
    Flow last_to_;
    Transport transport_;
};

/// Random hex digits for tags, branches and Call-IDs.
std::string random_token();

}  // namespace patchbay::robot
