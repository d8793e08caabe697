// Transfers by REFER (RFC 3515, 5589) and digits by INFO or RTP.
#include <fmt/format.h>

#include "base/text.hpp"
#include "call.hpp"

namespace patchbay::robot {

void Call::refer(const std::string& refer_to) {
    Message message = dialog_.request("REFER");
    message.add("Refer-To", refer_to);
    message.add("Referred-By", fmt::format("<{}>", dialog_.local_uri));
    request(std::move(message), [this](const Message& response) {
        if (response.status >= 200) emit("reply", {{"method", "REFER"}, {"status", response.status}});
    });
}

void Call::on_notify(const Message& notify) {
    const bool talk = parts_.options.talk_event && iequals(notify.header("Event"), "talk");
    respond(notify, 200);
    if (talk) answer(std::nullopt);
    int status = 0;
    if (const auto words = split(notify.body, ' '); words.size() > 1 && words[0] == "SIP/2.0")
        status = static_cast<int>(to_number(words[1]).value_or(0));
    emit("notify", {{"status", status},
                    {"state", split(notify.header("Subscription-State"), ';').front()},
                    {"package", split(notify.header("Event"), ';').front()}});
}

void Call::on_info(const Message& info) {
    respond(info, 200);
    for (const auto line : split(info.body, '\n')) {
        const auto equals = line.find('=');
        if (equals == std::string_view::npos || !iequals(trim(line.substr(0, equals)), "Signal")) continue;
        emit("dtmf", {{"digit", trim(line.substr(equals + 1))}, {"by", "info"}});
    }
}

void Call::dtmf(const std::string& digits, const std::string& by) {
    for (const char digit : digits) {
        if (!by.starts_with("info")) {
            media().press(digit, by == "inband");
            continue;
        }
        Message message = dialog_.request("INFO");
        const bool plain = by == "info-plain";
        message.add("Content-Type", plain ? "application/dtmf" : "application/dtmf-relay");
        message.body = plain ? std::string(1, digit) : fmt::format("Signal={}\r\nDuration=100\r\n", digit);
        request(std::move(message), [this](const Message& response) {
            if (response.status >= 200) emit("reply", {{"method", "INFO"}, {"status", response.status}});
        });
    }
}

}  // namespace patchbay::robot
