#include "transactions.hpp"

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::robot {

namespace {

constexpr Milliseconds t1{500}, t2{4000}, lifetime{64 * 500};
constexpr int most_ack_waits = 10;  ///< repeats at T1, 2·T1, 4·T1, 8·T1 … fill 64·T1

std::string server_key(const Message& request) {
    const auto method = request.method == "ACK" ? std::string("INVITE") : request.method;
    return request.branch() + " " + method + " " + std::string(request.header("Call-ID"));
}

std::string ack_key(const Message& message) {
    return fmt::format("{} {}", message.header("Call-ID"), message.cseq());
}

}  // namespace

std::string random_token() {
    static std::mt19937_64 generator{std::random_device{}()};
    return hex16(generator());
}

Transactions::Transactions(Loop& loop, const config::Endpoint& local, std::uint16_t port,
                           const Faults& faults, Handlers handlers)
    : loop_(loop),
      faults_(faults),
      handlers_(std::move(handlers)),
      transport_(loop, local.address, port,
                 [this](const Message& message, const Flow& from) { receive(message, from); }) {}

Transactions::~Transactions() {
    for (const auto& [branch, client] : clients_) {
        loop_.timers().cancel(client->repeat);
        loop_.timers().cancel(client->timeout);
    }
    for (const auto& [key, server] : servers_) loop_.timers().cancel(server->repeat);
}

std::string Transactions::via(const Flow& to, std::string_view branch) const {
    const auto& here = local();
    return fmt::format("SIP/2.0/{} {}:{};branch={};rport", to.tcp ? "TCP" : "UDP", here.address, here.port,
                       branch);
}

void Transactions::send(const std::string& text, const Flow& to) {
    ++counts_.sent;
    last_text_ = text;
    last_to_ = to;
    transport_.send(text, to);
}

void Transactions::storm(int count) {
    for (int i = 0; i < count; ++i) transport_.send(last_text_, last_to_);
}

void Transactions::send_raw(std::string_view bytes, const Flow& to) {
    transport_.send(bytes, to);
}

std::string Transactions::request(Message message, const Flow& to, Reply reply) {
    std::string branch = "z9hG4bK" + random_token();
    message.headers.insert(message.headers.begin(), {"Via", via(to, branch)});
    const auto client = std::make_shared<Client>();
    client->text = message.text();
    client->request = std::move(message);
    client->to = to;
    client->reply = std::move(reply);
    clients_[branch] = client;
    send(client->text, to);
    if (!to.tcp) client->repeat = loop_.timers().after(t1, [this, branch] { repeat_request(branch); });
    client->timeout = loop_.timers().after(lifetime, [this, branch, client] {
        if (!client->provisional || client->request.method != "INVITE")
            finish(branch, client, response_to(client->request, 408, ""));
    });
    return branch;
}

void Transactions::repeat_request(const std::string& branch) {
    const auto found = clients_.find(branch);
    if (found == clients_.end() || found->second->done) return;
    Client& client = *found->second;
    const bool invite = client.request.method == "INVITE";
    if (invite && client.provisional) return;
    ++counts_.repeated;
    send(client.text, client.to);
    client.interval = invite ? client.interval * 2 : std::min(client.interval * 2, t2);
    client.repeat = loop_.timers().after(client.interval, [this, branch] { repeat_request(branch); });
}

void Transactions::cancel(const std::string& branch) {
    const auto found = clients_.find(branch);
    if (found == clients_.end() || found->second->done) return;
    const Client& client = *found->second;
    Message message;
    message.method = "CANCEL";
    message.uri = client.request.uri;
    for (const auto& [name, value] : client.request.headers)
        if (name == "Via" || name == "From" || name == "To" || name == "Call-ID" || name == "Max-Forwards" ||
            name == "Route")
            message.add(name, value);
    message.add("CSeq", fmt::format("{} CANCEL", client.request.cseq()));
    // CANCEL shares the INVITE's branch, so it keeps no entry of its own: a lost one is repeated blindly.
    send(message.text(), client.to);
    if (client.to.tcp) return;
    loop_.timers().after(t1, [this, branch, text = message.text(), to = client.to] {
        const auto pending = clients_.find(branch);
        if (pending != clients_.end() && !pending->second->done) send(text, to);
    });
}

void Transactions::acknowledge(const std::string& branch, Message ack, const Flow& to) {
    ack.headers.insert(ack.headers.begin(), {"Via", via(to, "z9hG4bK" + random_token())});
    const std::string text = ack.text();
    send(text, to);
    const auto found = clients_.find(branch);
    if (found == clients_.end()) return;
    found->second->ack = text;
    found->second->ack_tag = parameter_in(ack.header("To"), "tag").value_or("");
    found->second->ack_to = to;
}

void Transactions::acknowledge_refusal(const ClientPtr& client, const Message& response) {
    if (faults_.never_ack_refused) return;
    Message ack;
    ack.method = "ACK";
    ack.uri = client->request.uri;
    ack.add("Via", client->request.all("Via").front());
    for (const auto& name : {"From", "Call-ID", "Max-Forwards", "Route"})
        for (const auto& value : client->request.all(name)) ack.add(name, value);
    ack.add("To", std::string(response.header("To")));
    ack.add("CSeq", fmt::format("{} ACK", client->request.cseq()));
    send(ack.text(), client->to);
}

void Transactions::receive(const Message& message, const Flow& from) {
    ++counts_.received;
    if (!message.is_request())
        receive_reply(message);
    else if (message.method == "ACK")
        receive_ack(message);
    else
        receive_request(message, from);
}

void Transactions::receive_reply(const Message& message) {
    if (message.cseq_method() == "CANCEL") return;
    const auto found = clients_.find(message.branch());
    if (found == clients_.end()) return;
    const ClientPtr client = found->second;
    const bool invite = client->request.method == "INVITE";
    if (message.status < 200) {
        client->provisional = true;
        if (!client->done) client->reply(message);
        return;
    }
    if (!client->done) {
        if (invite && message.status >= 300) acknowledge_refusal(client, message);
        finish(found->first, client, message);
        return;
    }
    ++counts_.received_repeated;
    if (!invite) return;
    if (message.status >= 300)
        acknowledge_refusal(client, message);
    else if (parameter_in(message.header("To"), "tag").value_or("") == client->ack_tag)
        send(client->ack, client->ack_to);
}

void Transactions::finish(const std::string& branch, const ClientPtr& client, const Message& message) {
    if (client->done) return;
    client->done = true;
    loop_.timers().cancel(client->repeat);
    loop_.timers().cancel(client->timeout);
    client->timeout = loop_.timers().after(lifetime, [this, branch] { clients_.erase(branch); });
    client->reply(message);
    client->reply = nullptr;  // what it holds must not live as long as the transaction lingers
}

void Transactions::receive_request(const Message& message, const Flow& from) {
    const std::string key = server_key(message);
    if (const auto known = servers_.find(key); known != servers_.end()) {
        ++counts_.received_repeated;
        if (!known->second->last.empty()) send(known->second->last, known->second->from);
        return;
    }
    const auto server = std::make_shared<Server>();
    server->from = from;
    server->call_id = message.header("Call-ID");
    servers_[key] = server;
    loop_.timers().after(10 * lifetime, [this, key] { servers_.erase(key); });
    if (faults_.garbage) {
        send("\x01\x02 this is no SIP \xff\r\n\r\n", from);
        return;
    }
    handlers_.request(message, from);
}

void Transactions::receive_ack(const Message& ack) {
    const auto waiting = awaiting_ack_.find(ack_key(ack));
    if (waiting == awaiting_ack_.end()) return;
    if (const auto server = servers_.find(waiting->second); server != servers_.end()) {
        server->second->awaits_ack = false;
        loop_.timers().cancel(server->second->repeat);
    }
    awaiting_ack_.erase(waiting);
    handlers_.ack(ack);
}

void Transactions::respond(const Message& request, const Message& response) {
    const std::string key = server_key(request);
    const auto found = servers_.find(key);
    if (found == servers_.end()) return;
    Server& server = *found->second;
    server.last = response.text();
    send(server.last, server.from);
    if (request.method != "INVITE" || response.status < 200) return;
    server.awaits_ack = true;
    awaiting_ack_[ack_key(request)] = key;
    server.repeat =
        loop_.timers().after(server.interval, [this, key] { repeat_response(key, most_ack_waits); });
}

void Transactions::repeat_response(const std::string& key, int left) {
    const auto found = servers_.find(key);
    if (found == servers_.end() || !found->second->awaits_ack) return;
    Server& server = *found->second;
    if (left == 0) {
        server.awaits_ack = false;
        std::erase_if(awaiting_ack_, [&](const auto& waiting) { return waiting.second == key; });
        handlers_.no_ack(server.call_id);
        return;
    }
    ++counts_.repeated;
    send(server.last, server.from);
    server.interval = std::min(server.interval * 2, t2);
    server.repeat =
        loop_.timers().after(server.interval, [this, key, left] { repeat_response(key, left - 1); });
}

}  // namespace patchbay::robot
