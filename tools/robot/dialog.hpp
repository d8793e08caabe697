// What makes a dialog (RFC 3261, section 12), seen from the robot's end, and requests within it.
#pragma once

#include <string>
#include <vector>

#include "message.hpp"
#include "transport.hpp"

namespace patchbay::robot {

/// A plain value. `local_uri` and `remote_uri` are without tags and brackets.
struct Dialog {
    std::string call_id, local_tag, remote_tag;
    std::string local_uri, remote_uri, local_name;
    std::string target;  ///< the peer's Contact
    std::vector<std::string> routes;
    std::string contact;  ///< ours, as written into requests
    unsigned cseq = 0;    ///< of our last request
    Flow first_hop;       ///< where requests go when no route says otherwise

    /// A request without CSeq; who sends it numbers it.
    Message request(std::string_view method) const;
    /// Where requests go: the first route, the target, or the first hop when that is no address.
    Flow flow() const;
    /// Takes the peer's tag, contact and routes from a response to our INVITE.
    void learn_from_response(const Message& response);
    /// Makes the dialog of an INVITE that came in.
    void learn_from_request(const Message& request, const Flow& from);
    /// The value of our From (or To): name, URI and tag.
    std::string local() const;
    std::string remote() const;
};

}  // namespace patchbay::robot
