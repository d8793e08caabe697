#include "raw_phone.hpp"

#include <chrono>
#include <cstdlib>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/text.hpp"
#include "sip/digest.hpp"

namespace patchbay::sip {

namespace {

constexpr auto patience = std::chrono::seconds{60};
constexpr auto silence = std::chrono::milliseconds{150};

std::string with_line_ends(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
        out += text[i];
    }
    return out;
}

}  // namespace

std::string RawMessage::header(std::string_view name, int which) const {
    const auto head = std::string_view{text}.substr(0, text.find("\r\n\r\n"));
    for (const auto line : split(head, '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !iequals(trim(line.substr(0, colon)), name)) continue;
        if (which-- == 0) return std::string{trim(line.substr(colon + 1))};
    }
    return {};
}

std::string RawMessage::body() const {
    const auto end = text.find("\r\n\r\n");
    return end == std::string::npos ? std::string{} : text.substr(end + 4);
}

std::string RawMessage::contact() const {
    const auto value = header("Contact");
    const auto begin = value.find('<'), end = value.find('>');
    return begin == std::string::npos ? value : value.substr(begin + 1, end - begin - 1);
}

std::string RawMessage::tag(std::string_view name) const {
    const auto value = header(name);
    const auto at = value.find(";tag=");
    return at == std::string::npos ? std::string{} : value.substr(at + 5);
}

int RawMessage::status() const {
    return begins("SIP/2.0 ") ? std::atoi(text.c_str() + 8) : 0;
}

RawPhone::RawPhone(std::string user, config::Endpoint server, std::function<void()> pump)
    : user_(std::move(user)),
      server_(std::move(server)),
      pump_(std::move(pump)),
      socket_(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    inet_pton(AF_INET, "127.0.0.1", &here.sin_addr);
    socklen_t size = sizeof here;
    auto* address = reinterpret_cast<sockaddr*>(&here);
    if (bind(socket_.get(), address, size) != 0 || getsockname(socket_.get(), address, &size) != 0)
        std::abort();
    port_ = ntohs(here.sin_port);
}

std::string RawPhone::uri() const {
    return fmt::format("sip:{}@127.0.0.1:{}", user_, port_);
}

std::string RawPhone::new_branch() {
    return fmt::format("z9hG4bK{}x{}", port_, ++count_);
}

void RawPhone::send_bytes(std::string_view bytes) {
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(server_.port);
    inet_pton(AF_INET, server_.address.c_str(), &there.sin_addr);
    sendto(socket_.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&there), sizeof there);
}

void RawPhone::send(const std::string& text) {
    const auto whole = with_line_ends(text);
    const auto end = whole.find("\r\n\r\n");
    const auto body = end == std::string::npos ? std::string{} : whole.substr(end + 4);
    const auto head = end == std::string::npos ? whole : whole.substr(0, end);
    send_bytes(fmt::format("{}\r\nContent-Length: {}\r\n\r\n{}", head, body.size(), body));
}

void RawPhone::take() {
    char buffer[65536];
    for (;;) {
        const auto length = recv(socket_.get(), buffer, sizeof buffer, 0);
        if (length <= 0) return;
        heard_.push_back({std::string(buffer, static_cast<std::size_t>(length))});
    }
}

RawMessage RawPhone::expect(std::string_view start) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
        take();
        while (!heard_.empty()) {
            auto message = std::move(heard_.front());
            heard_.pop_front();
            if (message.begins(start)) return message;
        }
        pump_();
    }
    return {};
}

bool RawPhone::hears_nothing_of(std::string_view start) {
    const auto end = std::chrono::steady_clock::now() + silence;
    while (std::chrono::steady_clock::now() < end) {
        pump_();
        take();
    }
    for (const auto& message : heard_) {
        if (message.begins(start)) return false;
    }
    return true;
}

std::string RawPhone::authorization(const RawMessage& challenge, const std::string& method,
                                    const std::string& request_uri) const {
    const char* name = challenge.status() == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
    DigestClient client(user_, password);
    const std::string values[] = {challenge.header(name, 0), challenge.header(name, 1)};
    if (!client.take(values)) return {};
    const auto value = client.authorization(method, request_uri).value_or("");
    return fmt::format("{}: {}\n", challenge.status() == 407 ? "Proxy-Authorization" : "Authorization",
                       value);
}

bool RawPhone::sign_in() {
    const auto call_id = fmt::format("reg{}", port_);
    std::string authorized;
    for (int cseq = 1; cseq <= 2; ++cseq) {
        send(
            fmt::format("REGISTER sip:demo.local SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:{0};branch={1}\n"
                        "Max-Forwards: 70\nFrom: <sip:{2}@demo.local>;tag=r\nTo: <sip:{2}@demo.local>\n"
                        "Call-ID: {3}\nCSeq: {4} REGISTER\nContact: <{5}>\nExpires: 300\n{6}\n",
                        port_, new_branch(), user_, call_id, cseq, uri(), authorized));
        const auto answer = expect("SIP/2.0 ");
        if (answer.status() == 200) return true;
        authorized = authorization(answer, "REGISTER", "sip:demo.local");
    }
    return false;
}

void RawPhone::invite_plainly(const std::string& number, const std::string& body, const std::string& extra) {
    if (dialog.call_id.empty()) {
        dialog.call_id = fmt::format("call{}n{}", port_, ++count_);
        dialog.local = fmt::format("<sip:{}@demo.local>;tag=l{}", user_, count_);
        dialog.remote = fmt::format("<sip:{}@demo.local>", number);
    }
    invite_branch_ = new_branch();
    invite_uri_ = fmt::format("sip:{}@demo.local", number);
    const auto type = body.empty() ? "" : "Content-Type: application/sdp\n";
    const auto limit = extra.find("Max-Forwards:") == std::string::npos ? "Max-Forwards: 70\n" : "";
    const auto contact =
        extra.find("Contact:") == std::string::npos ? fmt::format("Contact: <{}>\n", uri()) : "";
    send(
        fmt::format("INVITE {} SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:{};branch={}\n{}From: {}\nTo: {}\n"
                    "Call-ID: {}\nCSeq: {} INVITE\n{}{}{}\n{}",
                    invite_uri_, port_, invite_branch_, limit, dialog.local, dialog.remote, dialog.call_id,
                    dialog.cseq, contact, extra, type, body));
}

void RawPhone::invite(const std::string& number, const std::string& body, const std::string& extra) {
    invite_plainly(number, body, extra);
    const auto challenge = expect("SIP/2.0 ");
    if (challenge.status() != 407) {
        heard_.push_front(challenge);
        return;
    }
    send(
        fmt::format("ACK {} SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:{};branch={}\nFrom: {}\nTo: {}\nCall-ID: {}\n"
                    "CSeq: {} ACK\n\n",
                    invite_uri_, port_, invite_branch_, dialog.local, challenge.header("To"), dialog.call_id,
                    dialog.cseq));
    ++dialog.cseq;
    invite_plainly(number, body, extra + authorization(challenge, "INVITE", invite_uri_));
}

void RawPhone::learn(const RawMessage& response) {
    dialog.remote = response.header("To");
    if (!response.contact().empty()) dialog.target = response.contact();
}

void RawPhone::ack(const std::string& body) {
    const auto type = body.empty() ? "" : "Content-Type: application/sdp\n";
    send(fmt::format(
        "ACK {} SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:{};branch={}\nMax-Forwards: 70\nFrom: {}\nTo: {}\n"
        "Call-ID: {}\nCSeq: {} ACK\n{}\n{}",
        dialog.target, port_, new_branch(), dialog.local, dialog.remote, dialog.call_id, dialog.cseq, type,
        body));
}

void RawPhone::hear_answer() {
    learn(expect("SIP/2.0 200"));
    ack();
}

void RawPhone::cancel() {
    auto to = dialog.remote;
    to = to.substr(0, to.find(";tag="));
    send(fmt::format(
        "CANCEL {} SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:{};branch={}\nMax-Forwards: 70\nFrom: {}\nTo: {}\n"
        "Call-ID: {}\nCSeq: {} CANCEL\n\n",
        invite_uri_, port_, invite_branch_, dialog.local, to, dialog.call_id, dialog.cseq));
}

void RawPhone::request(const std::string& method, const std::string& extra, const std::string& body,
                       const std::string& type) {
    ++dialog.cseq;
    const auto content = body.empty() ? std::string{} : fmt::format("Content-Type: {}\n", type);
    const auto contact =
        extra.find("Contact:") == std::string::npos ? fmt::format("Contact: <{}>\n", uri()) : "";
    send(fmt::format(
        "{} {} SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:{};branch={}\nMax-Forwards: 70\nFrom: {}\nTo: {}\n"
        "Call-ID: {}\nCSeq: {} {}\n{}{}{}\n{}",
        method, dialog.target, port_, new_branch(), dialog.local, dialog.remote, dialog.call_id, dialog.cseq,
        method, contact, extra, content, body));
}

void RawPhone::respond(const RawMessage& request, int status, const std::string& extra,
                       const std::string& body) {
    auto to = request.header("To");
    if (to.find(";tag=") == std::string::npos && status > 100) to += fmt::format(";tag=t{}", port_);
    if (request.begins("INVITE")) {
        dialog.call_id = request.header("Call-ID");
        dialog.local = to;
        dialog.remote = request.header("From");
        dialog.target = request.contact();
    }
    std::string vias, routes;
    for (int i = 0; !request.header("Via", i).empty(); ++i) vias += "Via: " + request.header("Via", i) + '\n';
    const auto type = body.empty() ? "" : "Content-Type: application/sdp\n";
    const auto contact =
        extra.find("Contact:") == std::string::npos ? fmt::format("Contact: <{}>\n", uri()) : "";
    send(fmt::format("SIP/2.0 {} Whatever\n{}From: {}\nTo: {}\nCall-ID: {}\nCSeq: {}\n{}{}{}\n{}", status,
                     vias, request.header("From"), to, request.header("Call-ID"), request.header("CSeq"),
                     contact, extra, type, body));
}

RawMessage RawPhone::pick_up(const std::string& body) {
    auto invite = expect("INVITE ");
    respond(invite, 180);
    respond(invite, 200, "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, INFO\n", body);
    expect("ACK ");
    return invite;
}

std::string audio(std::string_view direction, std::string_view formats, int port, int version) {
    return fmt::format(
        "v=0\no=- 1 {} IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {} RTP/AVP {}\n"
        "a=rtpmap:101 telephone-event/8000\na={}\n",
        version, port, formats, direction);
}

}  // namespace patchbay::sip
