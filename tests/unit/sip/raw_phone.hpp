// A phone made of a UDP socket and text, so that tests say exactly what goes over the wire, right or wrong.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "config/config.hpp"

namespace patchbay::sip {

/// One SIP message as text.
struct RawMessage {
    std::string text;

    bool begins(std::string_view start) const { return text.starts_with(start); }
    /// The value of the n-th header of that name; empty when there is none.
    std::string header(std::string_view name, int which = 0) const;
    std::string body() const;
    /// The URI in the Contact header.
    std::string contact() const;
    /// The tag in a header's value.
    std::string tag(std::string_view name) const;
    int status() const;
};

/// What the phone knows of its one dialog.
struct RawDialog {
    std::string call_id, local, remote, target;
    std::uint32_t cseq = 1;
};

class RawPhone {
  public:
    /// `pump` runs the server for a moment. The phone is `user` of `demo.local`.
    RawPhone(std::string user, config::Endpoint server, std::function<void()> pump);

    std::string uri() const;
    std::uint16_t port() const { return port_; }
    /// Registers; true when it was accepted.
    bool sign_in();

    /// Sends the text as it is, but for line ends and Content-Length, which are made right.
    void send(const std::string& text);
    void send_bytes(std::string_view bytes);
    /// The next message that begins so, waiting for it; what came before it is dropped. Empty after seconds.
    RawMessage expect(std::string_view start);
    /// True when nothing that begins so has come, after the server had time to send it.
    bool hears_nothing_of(std::string_view start);

    /// Calls a number, proving itself when challenged. `extra`: header lines, each with its end.
    void invite(const std::string& number, const std::string& body, const std::string& extra = {});
    /// The same without credentials, as it is.
    void invite_plainly(const std::string& number, const std::string& body, const std::string& extra = {});
    void ack(const std::string& body = {});
    void cancel();
    /// A request in the dialog.
    void request(const std::string& method, const std::string& extra = {}, const std::string& body = {},
                 const std::string& type = "application/sdp");
    /// Learns the dialog from a response to its own INVITE.
    void learn(const RawMessage& response);
    /// Answers a request; an INVITE's dialog is learnt from it.
    void respond(const RawMessage& request, int status, const std::string& extra = {},
                 const std::string& body = {});

    /// Rings and answers the INVITE that comes next, with that body; hears the ACK.
    RawMessage pick_up(const std::string& body);
    /// Takes the 200 to its own INVITE and acknowledges it.
    void hear_answer();

    RawDialog dialog;
    std::string password = "secret";

  private:
    std::string new_branch();
    std::string authorization(const RawMessage& challenge, const std::string& method,
                              const std::string& uri) const;
    void take();

    std::string user_;
    config::Endpoint server_;
    std::function<void()> pump_;
    Descriptor socket_;
    std::uint16_t port_ = 0;
    std::deque<RawMessage> heard_;
    std::string invite_branch_, invite_uri_;
    unsigned count_ = 0;
};

/// A body with one audio line; `direction` as "sendrecv".
std::string audio(std::string_view direction = "sendrecv", std::string_view formats = "8 0 101",
                  int port = 40000, int version = 1);

}  // namespace patchbay::sip
