#include "dialog.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "sip/sdp.hpp"

namespace patchbay::robot {

std::string Dialog::local() const {
    const std::string name = local_name.empty() ? "" : robot::quoted(local_name) + " ";
    return fmt::format("{}<{}>;tag={}", name, local_uri, local_tag);
}

std::string Dialog::remote() const {
    return remote_tag.empty() ? fmt::format("<{}>", remote_uri)
                              : fmt::format("<{}>;tag={}", remote_uri, remote_tag);
}

Message Dialog::request(std::string_view method) const {
    Message message;
    message.method = method;
    message.uri = target;
    message.add("Max-Forwards", "70");
    for (const auto& route : routes) message.add("Route", route);
    message.add("From", local());
    message.add("To", remote());
    message.add("Call-ID", call_id);
    if (method != "ACK" && method != "BYE") message.add("Contact", contact);
    message.add("User-Agent", "Patchbay robot");
    return message;
}

Flow Dialog::flow() const {
    const std::string next = routes.empty() ? target : uri_in(routes.front());
    const auto endpoint = endpoint_in(next);
    if (!sip::sdp::is_address(endpoint.address)) return first_hop;
    const bool tcp = lower(next).find("transport=tcp") != std::string::npos;
    // A peer that came over TCP is answered on its connection: its contact may be no place to connect to.
    if (first_hop.tcp && !routes.empty()) return {tcp || first_hop.tcp, endpoint};
    return first_hop.tcp ? first_hop : Flow{tcp, endpoint};
}

void Dialog::learn_from_response(const Message& response) {
    if (const auto tag = parameter_in(response.header("To"), "tag")) remote_tag = *tag;
    if (const auto contacts = response.all("Contact"); !contacts.empty()) target = uri_in(contacts.front());
    routes = response.all("Record-Route");
    std::ranges::reverse(routes);
}

void Dialog::learn_from_request(const Message& request, const Flow& from) {
    call_id = request.header("Call-ID");
    remote_tag = parameter_in(request.header("From"), "tag").value_or("");
    remote_uri = uri_in(request.header("From"));
    local_uri = uri_in(request.header("To"));
    if (const auto contacts = request.all("Contact"); !contacts.empty()) target = uri_in(contacts.front());
    routes = request.all("Record-Route");
    first_hop = from;
}

}  // namespace patchbay::robot
