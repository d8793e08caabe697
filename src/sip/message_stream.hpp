// SIP messages as bytes on their way between transports: cut out of a stream (RFC 3261, section 18.3),
// carried by WebSocket frames (RFC 7118), the transport in their topmost Via exchanged. Pure; one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::sip {

/// Cuts a stream into messages.
class MessageStream {
  public:
    /// `longest`: bytes of one message; more is no SIP.
    explicit MessageStream(std::size_t longest) : longest_(longest) {}

    void feed(std::string_view bytes) { waiting_ += bytes; }
    /// The next whole message; nothing until more has come, or ever when the stream is broken().
    std::optional<std::string> next();
    /// A message is too long, or its Content-Length no number: where the next begins cannot be known.
    bool broken() const { return broken_; }

  private:
    std::size_t longest_;
    std::string waiting_;
    bool broken_ = false;
};

/// The message with that transport ("TCP", "WSS") in its topmost Via; unchanged when it has none.
std::string with_transport(std::string_view message, std::string_view transport);

/// The message of one WebSocket frame as a stream takes it: with a Content-Length. Nothing when it has no end
/// of headers, or says another length than it has.
std::optional<std::string> with_length(std::string_view message);

}  // namespace patchbay::sip
