#include "sender.hpp"

#include <fmt/format.h>

namespace patchbay::robot {

bool Sender::authorize(Message& message, sip::DigestClient& client, std::string_view header) const {
    const auto value = client.authorization(message.method, message.uri);
    if (value) message.set(header, *value);
    return value.has_value();
}

void Sender::send(Message message, const Flow& to, unsigned& cseq, const Transactions::Reply& reply,
                  std::string* branch) {
    message.set("CSeq", fmt::format("{} {}", ++cseq, message.method));
    const auto answer = [this, message, to, &cseq, reply, branch](const Message& response) {
        const bool proxy = response.status == 407;
        if (response.status != 401 && !proxy) {
            reply(response);
            return;
        }
        auto& client = proxy ? proxy_ : registrar_;
        const auto challenges = response.all(proxy ? "Proxy-Authenticate" : "WWW-Authenticate");
        Message again = message;
        if (!client.take(challenges) ||
            !authorize(again, client, proxy ? "Proxy-Authorization" : "Authorization")) {
            reply(response);
            return;
        }
        again.set("CSeq", fmt::format("{} {}", ++cseq, again.method));
        const auto second = transactions_.request(again, to, [&client, reply](const Message& final) {
            if (final.status > 100 && final.status != 401 && final.status != 407) client.accepted();
            reply(final);
        });
        if (branch != nullptr) *branch = second;
    };
    const auto first = transactions_.request(std::move(message), to, answer);
    if (branch != nullptr) *branch = first;
}

}  // namespace patchbay::robot
