// One call of one phone: its dialog, its audio, and what it does on command or by itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audio.hpp"
#include "dialog.hpp"
#include "facts.hpp"
#include "message.hpp"
#include "options.hpp"
#include "sender.hpp"
#include "session.hpp"

namespace patchbay::robot {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// What a call needs of its phone. All outlive it.
struct PhoneParts {
    Loop& loop;
    const Options& options;
    Facts& facts;
    Transactions& transactions;
    Sender& sender;
};

/// How to call.
struct Invitation {
    std::string uri;  ///< Request-URI and To
    HeaderList headers;
    std::optional<std::string> sdp;  ///< in place of ours, as it is
    bool late_offer = false;
};

enum class CallState { idle, calling, incoming, answering, connected, ended };

/// Uses the loop's thread. Held by shared_ptr: pending transactions and timers keep it until they are done.
class Call : public std::enable_shared_from_this<Call> {
  public:
    Call(const PhoneParts& parts, int number);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    int number() const { return number_; }
    CallState state() const { return state_; }
    bool ended() const { return state_ == CallState::ended; }
    /// Ended so long ago that no retransmission can come for it any more.
    bool stale() const;
    Dialog& dialog() { return dialog_; }
    Audio* audio() { return audio_.get(); }
    /// True for a request within this dialog, or the CANCEL of its INVITE.
    bool owns(const Message& request) const;

    // call_out.cpp: calling
    void invite(Dialog dialog, const Invitation& invitation);
    void cancel();

    // call_in.cpp: being called
    void take(const Message& invite, const Flow& from, Dialog dialog);
    void ring(int status, bool with_sdp);
    void answer(const std::optional<std::string>& sdp);
    /// Did the caller ask for an answer without our person (RFC 5373)?
    bool asked_to_answer() const;
    void refuse(int status, const HeaderList& headers);
    /// CANCEL of the INVITE that came in.
    void cancelled(const Message& cancel);

    // call.cpp: within the dialog
    void hangup(const HeaderList& headers);
    /// A request of any method, as it is.
    void send(std::string_view method, const HeaderList& headers, const std::string& body);
    void on_request(const Message& message);
    void on_ack(const Message& ack);
    void on_no_ack();

    // call_modify.cpp: re-INVITE and UPDATE of either side
    void modify(sip::sdp::Direction direction, bool by_update, bool late_offer,
                const std::optional<std::string>& sdp);
    /// re-INVITE that asks for T.38 in the place of audio.
    void ask_t38();
    /// re-INVITE with new keys for encryption.
    void rekey();
    /// re-INVITE that offers these codecs alone.
    void change_codecs(std::vector<media::Codec> codecs);

    // call_refer.cpp: transfer and digits
    void refer(const std::string& refer_to);
    /// `by`: rtp, info (application/dtmf-relay), info-plain (application/dtmf) or inband.
    void dtmf(const std::string& digits, const std::string& by);

  private:
    // call.cpp
    void emit(std::string_view event, Json fields = {});
    void request(Message message, const Transactions::Reply& reply);
    void respond(const Message& request, int status, const HeaderList& headers = {},
                 const std::string& body = {}, std::string_view type = "application/sdp");
    void end(int status, std::string_view by, std::string_view reason);
    void use_media();
    void tell_hold();
    Audio& media();
    void on_bye(const Message& bye);

    // call_out.cpp
    void on_invite_reply(const Message& response);
    void on_provisional(const Message& response);
    void on_answer(const Message& response);
    void on_refusal(const Message& response);
    void acknowledge(const Message& response, const std::string& body);
    void prack(const Message& response);

    // call_in.cpp
    void on_prack(const Message& prack);
    std::string our_answer();

    // call_modify.cpp
    void send_modify();
    void on_modify_reply(const Message& response, bool by_update);
    void retry_modify();
    void on_modify(const Message& request);

    // call_refer.cpp
    void on_notify(const Message& notify);
    void on_info(const Message& info);

    // call_timer.cpp: session timers (RFC 4028)
    void add_session_timer(Message& request) const;
    HeaderList accept_session_timer(const Message& request);
    void start_session_timer(const Message& response);
    void set_session_timer(int seconds, bool ours);
    void refresh_session();

    PhoneParts parts_;
    int number_;
    CallState state_ = CallState::idle;
    Dialog dialog_;
    Session session_;
    std::unique_ptr<Audio> audio_;
    bool we_called_ = false, cancelling_ = false;

    Invitation invitation_;
    std::string branch_;  ///< of our INVITE in progress
    int min_se_ = 0;
    unsigned last_rseq_ = 0;

    std::optional<Message> incoming_;        ///< the INVITE that came in
    std::optional<std::string> early_body_;  ///< our SDP in a 183, repeated in the 200
    bool offer_in_200_ = false;              ///< our offer waits for its answer in the ACK
    TimerId reliable_timer_;
    unsigned rseq_ = 0;

    sip::sdp::Direction wanted_ = sip::sdp::Direction::sendrecv;
    bool held_by_peer_ = false;
    bool modifying_ = false;
    struct {
        bool by_update = false, late_offer = false, refresh = false, t38 = false;
        std::optional<std::string> sdp;
        int tries = 0;
    } change_;

    TimerId session_timer_;
    Ticks ended_at_{};
};

}  // namespace patchbay::robot
