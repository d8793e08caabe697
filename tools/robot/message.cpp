#include "message.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::robot {

namespace {

bool is_list(std::string_view name) {
    return iequals(name, "Via") || iequals(name, "Route") || iequals(name, "Record-Route") ||
           iequals(name, "Contact");
}

}  // namespace

std::string_view Message::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (iequals(key, name)) return value;
    return {};
}

std::vector<std::string> Message::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : headers) {
        if (!iequals(key, name)) continue;
        if (is_list(name))
            std::ranges::move(split_list(value), std::back_inserter(values));
        else
            values.push_back(value);
    }
    return values;
}

void Message::add(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
}

void Message::set(std::string_view name, std::string value) {
    for (auto& [key, old] : headers) {
        if (!iequals(key, name)) continue;
        old = std::move(value);
        return;
    }
    add(std::string(name), std::move(value));
}

void Message::remove(std::string_view name) {
    std::erase_if(headers, [&](const auto& header) { return iequals(header.first, name); });
}

unsigned Message::cseq() const {
    const auto number = to_number(split(header("CSeq"), ' ').front());
    return number && *number >= 0 ? static_cast<unsigned>(*number) : 0;
}

std::string Message::cseq_method() const {
    const auto words = split(header("CSeq"), ' ');
    return words.size() < 2 ? std::string() : std::string(trim(words.back()));
}

std::string Message::branch() const {
    const auto vias = all("Via");
    return vias.empty() ? std::string() : parameter_in(vias.front(), "branch").value_or("");
}

std::string Message::text() const {
    std::string out = is_request() ? fmt::format("{} {} SIP/2.0\r\n", method, uri)
                                   : fmt::format("SIP/2.0 {} {}\r\n", status, reason);
    for (const auto& [name, value] : headers)
        if (!iequals(name, "Content-Length")) out += fmt::format("{}: {}\r\n", name, value);
    out += fmt::format("Content-Length: {}\r\n\r\n", body.size());
    return out + body;
}

Message response_to(const Message& request, int status, std::string_view to_tag) {
    Message response;
    response.status = status;
    response.reason = phrase(status);
    for (const auto& [name, value] : request.headers) {
        if (iequals(name, "Via") || iequals(name, "From") || iequals(name, "Call-ID") ||
            iequals(name, "CSeq") || (iequals(name, "Record-Route") && status < 300)) {
            response.add(name, value);
        } else if (iequals(name, "To")) {
            const bool tagged = parameter_in(value, "tag").has_value() || to_tag.empty();
            response.add("To", tagged ? value : fmt::format("{};tag={}", value, to_tag));
        }
    }
    return response;
}

std::string_view phrase(int status) {
    constexpr std::array<std::pair<int, std::string_view>, 24> phrases{
        {{100, "Trying"},
         {180, "Ringing"},
         {183, "Session Progress"},
         {200, "OK"},
         {202, "Accepted"},
         {302, "Moved Temporarily"},
         {400, "Bad Request"},
         {401, "Unauthorized"},
         {403, "Forbidden"},
         {404, "Not Found"},
         {405, "Method Not Allowed"},
         {407, "Proxy Authentication Required"},
         {408, "Request Timeout"},
         {422, "Session Interval Too Small"},
         {480, "Temporarily Unavailable"},
         {481, "Call/Transaction Does Not Exist"},
         {486, "Busy Here"},
         {487, "Request Terminated"},
         {488, "Not Acceptable Here"},
         {491, "Request Pending"},
         {500, "Server Internal Error"},
         {501, "Not Implemented"},
         {503, "Service Unavailable"},
         {603, "Decline"}}};
    for (const auto& [code, text] : phrases)
        if (code == status) return text;
    return "Response";
}

}  // namespace patchbay::robot
