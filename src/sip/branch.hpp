// One INVITE of ours to one target of a leg: a phone's binding or a trunk. It may fork on its way: each To
// tag is an early dialog of its own (RFC 3261, section 13.2.2.4). For .cpp files of this room alone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/types.hpp"
#include "sip/dialog.hpp"
#include "sip/digest.hpp"
#include "sip/identity.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

/// Where an INVITE goes and how it introduces itself.
struct Target {
    std::string uri;       ///< Request-URI
    std::string next_hop;  ///< URI to send to; empty: the Request-URI
    std::string to;        ///< To's value
    std::string contact;   ///< our Contact's value
    IdentityHeaders caller;
    int max_forwards = 70;
    bool answers_itself = false;  ///< the phone is asked to answer at once
    std::optional<DigestClient> credentials;
    MediaTerms security;
};

class Branch final : public OutgoingHook {
  public:
    /// `offered`: the state with our offer open, as each dialog of it begins; all branches share it.
    Branch(Leg& leg, Target target, std::shared_ptr<const OfferAnswer> offered);
    ~Branch();
    Branch(const Branch&) = delete;
    Branch& operator=(const Branch&) = delete;

    /// Sends the INVITE. False when its URIs make no sense.
    bool start();
    /// Gives the target up: CANCEL, or ACK and BYE when a 200 crosses it.
    void cancel(const call::Cause& cause);
    /// Asks a phone that rings to answer by itself. False when none of its dialogs can.
    bool pick_up();
    /// A final response came.
    bool is_done() const { return done_; }
    /// What it was; 0 before.
    int status() const { return status_; }
    const call::Cause& cause() const { return cause_; }
    /// Where a 3xx points; empty for none.
    const std::string& redirected_to() const { return redirected_to_; }
    /// What proves us to the other side; none when nothing does.
    const std::optional<DigestClient>& credentials() const { return target_.credentials; }
    /// The early dialogs that have heard from the other side.
    const std::vector<std::unique_ptr<Dialog>>& dialogs() const { return dialogs_; }

    void on_response(nta_outgoing_t* transaction, const sip_t* message) override;

  private:
    Dialog& dialog_of(const sip_t& response);
    std::unique_ptr<Dialog> take_dialog(const sip_t& response);
    bool send_invite();
    bool try_again(int status, const sip_t* message);
    void on_provisional(int status, const sip_t& message);
    void on_success(const sip_t& message);
    void on_failure(int status, const sip_t* message);
    void acknowledge_reliable(Dialog& dialog, const sip_t& message);

    Leg& leg_;
    Target target_;
    std::shared_ptr<const OfferAnswer> offered_;
    std::vector<std::unique_ptr<Dialog>> dialogs_;
    std::unique_ptr<Dialog> sending_;  ///< before any To tag came
    nta_outgoing_t* invite_ = nullptr;
    Seconds asked_{1800}, min_se_{90};
    std::string authorization_;  ///< the header's value
    bool proxy_authorization_ = false;
    int attempts_ = 0;
    bool cancelled_ = false, done_ = false;
    int status_ = 0;
    call::Cause cause_;
    std::string redirected_to_;
};

}  // namespace patchbay::sip
