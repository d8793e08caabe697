// SIP messages as the robot reads and writes them (RFC 3261, section 7). Lenient in, and able to write what
// a correct stack would refuse to: the robot has to break rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "header_value.hpp"

namespace patchbay::robot {

/// One request or response. Header names compare without case; compact forms are read as the long ones.
struct Message {
    std::string method;  ///< of a request; empty for a response
    std::string uri;     ///< Request-URI
    int status = 0;      ///< of a response; 0 for a request
    std::string reason;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    bool is_request() const { return status == 0; }
    /// The first of that name; empty when there is none.
    std::string_view header(std::string_view name) const;
    std::vector<std::string> all(std::string_view name) const;
    void add(std::string name, std::string value);
    /// Replaces the first of that name; adds it when there is none.
    void set(std::string_view name, std::string value);
    void remove(std::string_view name);

    /// The number and the method of CSeq; 0 and empty when it is missing or absurd.
    unsigned cseq() const;
    std::string cseq_method() const;
    std::string branch() const;
    /// The bytes to send; Content-Length is computed.
    std::string text() const;
};

/// The message in one datagram or in one whole frame of a stream; nothing when it is not SIP.
std::optional<Message> parse_message(std::string_view bytes);

/// How many bytes at the front of a stream make one whole message; 0: not yet whole.
std::size_t whole_message(std::string_view stream);

/// A response to `request` with what RFC 3261, section 8.2.6 copies from it; `to_tag` is added to To when it
/// has none.
Message response_to(const Message& request, int status, std::string_view to_tag);

/// The phrase that goes with a status.
std::string_view phrase(int status);

}  // namespace patchbay::robot
