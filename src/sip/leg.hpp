// One leg's SIP: the INVITE that made it, its dialog, and what goes on in it. A file a verb: accept.cpp (a
// leg that called us), ring.cpp (a leg we call), update.cpp (our changes), peer_update.cpp (theirs),
// session.cpp, refer.cpp, info.cpp, end.cpp. For .cpp files of this room alone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/timers.hpp"
#include "call/ports.hpp"
#include "media/format.hpp"
#include "sip/branch.hpp"
#include "sip/builder.hpp"
#include "sip/core.hpp"
#include "sip/dialog.hpp"
#include "sip/session_timer.hpp"
#include "sip/sofia.hpp"
#include "sip/update_queue.hpp"

namespace patchbay::sip {

/// Hears the answer to one in-dialog request for a leg, and lets go of it when destroyed.
class Pending final : public OutgoingHook {
  public:
    using Handler = void (Leg::*)(int status, const sip_t* message);
    Pending(Leg& leg, Handler handler) : leg_(leg), handler_(handler) {}
    ~Pending();
    Pending(const Pending&) = delete;
    Pending& operator=(const Pending&) = delete;
    void adopt(nta_outgoing_t* transaction) { transaction_ = transaction; }
    nta_outgoing_t* transaction() const { return transaction_; }
    void on_response(nta_outgoing_t* transaction, const sip_t* message) override;

  private:
    Leg& leg_;
    Handler handler_;
    nta_outgoing_t* transaction_ = nullptr;
};

class Leg final : public IncomingHook {
  public:
    Leg(Core& core, LegId id);
    ~Leg();
    Leg(const Leg&) = delete;
    Leg& operator=(const Leg&) = delete;

    Core& core() const { return core_; }
    LegId id() const { return id_; }
    bool is_connected() const { return stage_ == Stage::connected; }
    /// Codecs the other side can use, best first.
    std::vector<media::Codec> usable() const;
    /// The other side has named comfort noise (RFC 3389).
    bool knows_noise() const;

    // What the switch asks (call::Signalling).
    void ring(const call::Dial& dial);
    void progress(bool early_media, LegId like);
    void answer(LegId like);
    void renegotiate(LegId like, bool retrieve);
    void refer_progress(int sip_status);
    bool pick_up();
    void send_dtmf(char digit);
    void expect_fax(bool t38);
    void end(const call::Cause& cause);

    /// Takes an INVITE outside any dialog that was let in, or refuses what its body asks. When nothing else
    /// answers it within 200 ms, 100 does. False when it was refused; the leg is then done with. Takes the
    /// message.
    bool take_invite(msg_t* message, const sip_t& invite, const Flow& flow, const SessionTerms& terms,
                     const MediaTerms& security);

    /// A request within one of the leg's dialogs. Returns the status that answers it, 0 when it was answered.
    int on_request(Dialog& dialog, nta_incoming_t* request, const sip_t& message);

    // What its branches tell.
    void branch_rings(Dialog& dialog, bool has_media);
    void branch_answered(Branch& branch, std::unique_ptr<Dialog> dialog, const sip_t& response,
                         Seconds asked);
    void branch_failed(const Branch& branch);
    /// Where the leg takes RTP; port 0 when it has none.
    config::Endpoint local_media() const;
    /// Has media know what was agreed in that dialog.
    void connect_media(Dialog& dialog);

    void on_ack(nta_incoming_t* transaction, const sip_t& ack) override;
    void on_cancel(nta_incoming_t* transaction, const sip_t& cancel) override;
    void on_timeout(nta_incoming_t* transaction) override;
    int on_prack(nta_incoming_t* prack, const sip_t& message) override;

  private:
    enum class Stage : std::uint8_t { fresh, called_us, ringing, connected, ended };

    // leg.cpp
    const OfferAnswer* exchange() const;
    void report_end(const call::Cause& cause);
    void finish_if_idle();
    void refuse(nta_incoming_t* request, int status, const char* phrase = nullptr,
                const std::optional<Header>& header = {});
    void refresh_target(Dialog& dialog, nta_incoming_t* request, const sip_t& message);
    void common_headers(Builder& builder, const Dialog& dialog) const;
    Builder builder() const { return Builder(core_.agent.nta()); }
    std::optional<Header> proof_for(nta_outgoing_t* transaction, int status, const sip_t* message);
    void send_and_forget(sip_method_t method, const char* name, Builder& built);
    int on_options(nta_incoming_t* request);

    // accept.cpp
    void send_trying();
    bool answer_body(LegId like, std::string& body);
    void add_session_headers(Builder& builder, bool we_are_client) const;
    void settle_late_answer(const sip_t& ack);

    // ring.cpp
    std::optional<call::Cause> add_branches(const call::Dial& dial);
    void cancel_others(const Branch* winner);
    void forget_branches();
    void end_ringing(const call::Cause& cause);

    // update.cpp
    void run_updates();
    void start_update(const Update& update);
    std::vector<media::Codec> codec_to_change_to(LegId like) const;
    void offer_t38();
    void send_update(const std::string& offer, const std::optional<Header>& proof = {});
    void on_update_response(int status, const sip_t* message);
    void update_succeeded(const sip_t& message);
    void update_refused(int status, const sip_t* message);

    // peer_update.cpp
    int on_invite(Dialog& dialog, nta_incoming_t* request, const sip_t& message);
    int on_update(Dialog& dialog, nta_incoming_t* request, const sip_t& message);
    int judge_change(const Dialog& dialog, nta_incoming_t* request, const sip_t& message, bool is_invite);
    int may_change(const Dialog& dialog, bool is_invite, bool has_offer) const;
    int take_offer(Dialog& dialog, std::string_view body, std::string& answer);
    void confirm_change(nta_incoming_t* request, const std::string& answer);
    void report_hold(bool always);

    // session.cpp
    void arm_session();
    void session_due();

    // end.cpp
    void send_bye(const call::Cause& cause, const std::optional<Header>& proof = {});
    void on_bye_response(int status, const sip_t* message);
    int on_bye(nta_incoming_t* request, const sip_t& message);

    // refer.cpp, info.cpp
    int on_refer(Dialog& dialog, nta_incoming_t* request, const sip_t& message);
    void accept_refer();
    void notify_refer(int sip_status);
    void ask_for_t38();
    int on_info(nta_incoming_t* request, const sip_t& message);
    static media::DigitWay digit_way(const Dialog& dialog);
    static bool hears_tones(const Dialog& dialog);

    Core& core_;
    LegId id_;
    Stage stage_ = Stage::fresh;
    std::unique_ptr<Dialog> dialog_;  ///< the confirmed one, or that of an INVITE that called us
    std::optional<media::Remote> media_;
    bool held_ = false;

    // A leg that called us, and INVITEs within the dialog: the one not yet acknowledged.
    nta_incoming_t* invite_ = nullptr;
    TimerId trying_timer_;
    bool answered_ = false;         ///< 200 went out
    bool reliable_answer_ = false;  ///< the SDP answer went in a reliable 183: none in the 200
    bool takes_fax_ = false;        ///< it is answered by a fax machine
    bool asks_t38_ = false;         ///< once it is connected
    bool bye_after_ack_ = false;    ///< ended before the ACK came (RFC 3261, section 15)
    call::Cause ending_;

    // A leg we call.
    std::vector<std::unique_ptr<Branch>> branches_;

    // The connected leg.
    UpdateQueue updates_;
    std::unique_ptr<Pending> update_, bye_;
    bool update_is_invite_ = false;
    TimerId glare_timer_, session_timer_;
    std::optional<DigestClient> credentials_;  ///< for the trunk that was called
    SessionTerms terms_;
    Ticks refreshed_{};

    // A REFER under way.
    nta_incoming_t* refer_ = nullptr;  ///< not yet answered
    bool refer_open_ = false;          ///< NOTIFYs are due
    bool refer_silent_ = false;        ///< the phone wants none (RFC 4488)
    std::string refer_event_;
    int refers_ = 0;
};

}  // namespace patchbay::sip
