#include "api_client.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace patchbay::bench {
namespace {

constexpr std::string_view head_end = "\r\n\r\n";

std::string frame(std::string_view command, const std::string& json) {
    return fmt::format("01{:010}0001{:<32}{}", 48 + json.size(), command, json);
}

std::string node(std::string_view name, const std::string& attributes) {
    return fmt::format(
        R"([{{"_name":"in","_content":[{{"_name":"request","_content":[{{"_name":"{}","_attributes":{{{}}}}}]}}]}}])",
        name, attributes);
}

std::string_view next_command(const Conversation& conversation) {
    return conversation.is_held ? "call_unhold" : "call_hold";
}

}  // namespace

void fail(const std::string& why) {
    fmt::print(stderr, "{}\n", why);
    std::exit(1);
}

std::string http_request(const std::string& domain, const Conversation& conversation) {
    const auto command = next_command(conversation);
    const auto body =
        fmt::format(R"(<in><request><{} conversation_id="{}"/></request></in>)", command, conversation.id);
    return fmt::format(
        "POST /{}/service/cc/arm/{} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\n"
        "Authorization: Basic {}\r\nContent-Length: {}\r\n\r\n{}",
        domain, command, base64(conversation.operator_id + ":" + conversation.password), body.size(), body);
}

std::string command_frame(const Conversation& conversation) {
    const auto command = next_command(conversation);
    return frame(command, node(command, fmt::format(R"("conversation_id":"{}")", conversation.id)));
}

std::string login_frame(const Conversation& conversation) {
    return frame("login", node("login", fmt::format(R"("login":"{}","password":"{}")",
                                                    conversation.operator_id, conversation.password)));
}

Connection::Connection(std::uint16_t port, Kind kind, const std::string& domain) : kind_(kind) {
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail(std::string("no connection: ") + std::strerror(errno));
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (kind == Kind::socket) upgrade(domain);
    ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
}

Connection::~Connection() {
    ::close(descriptor_);
}

void Connection::upgrade(const std::string& domain) {
    write_all(fmt::format(
        "GET /{}/service/cc/arm HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        domain));
    while (in_.find(head_end) == std::string::npos) {
        char bytes[1024];
        const auto count = ::recv(descriptor_, bytes, sizeof bytes, 0);
        if (count <= 0) fail("the WebSocket was refused");
        in_.append(bytes, static_cast<std::size_t>(count));
    }
    if (in_.compare(0, 12, "HTTP/1.1 101") != 0) fail(in_);
    in_.erase(0, in_.find(head_end) + head_end.size());
}

void Connection::write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno != EAGAIN) fail(std::string("the server hung up: ") + std::strerror(errno));
        pollfd ready{descriptor_, POLLOUT, 0};
        ::poll(&ready, 1, 1000);
    }
}

// A client masks its messages (RFC 6455, section 5.3); by zeros, so that the text stays.
void Connection::send(std::string_view text) {
    if (kind_ == Kind::http) return write_all(text);
    std::string message("\x81");
    if (text.size() < 126) {
        message += static_cast<char>(0x80U | text.size());
    } else {
        message += static_cast<char>(0x80U | 126U);
        message += static_cast<char>(text.size() >> 8U);
        message += static_cast<char>(text.size() & 0xFFU);
    }
    message.append(4, '\0').append(text);
    write_all(message);
}

// The size of the whole answer at the front; 0 while it is not there.
std::size_t Connection::http_size() const {
    const auto answer = std::string_view(in_).substr(taken_);
    const auto end = answer.find(head_end);
    if (end == std::string_view::npos) return 0;
    static constexpr std::string_view name = "Content-Length: ";
    const auto at = answer.find(name);
    if (at == std::string_view::npos || at > end) fail("an answer without a length");
    const auto size = end + head_end.size() + std::strtoul(answer.data() + at + name.size(), nullptr, 10);
    return answer.size() < size ? 0 : size;
}

// The message at the front and its size with its header; false while it is not there.
bool Connection::take_message(std::string_view& text, std::size_t& size) const {
    const auto bytes = std::string_view(in_).substr(taken_);
    if (bytes.size() < 2) return false;
    const auto at = [&](std::size_t n) {
        return static_cast<std::size_t>(static_cast<unsigned char>(bytes[n]));
    };
    std::size_t length = at(1) & 0x7FU, header = 2;
    const std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (bytes.size() < header + more) return false;
    if (more > 0) length = 0;
    for (std::size_t n = 0; n < more; ++n) length = length << 8U | at(header++);
    if (bytes.size() < header + length) return false;
    text = bytes.substr(header, length);
    size = header + length;
    return true;
}

void Connection::receive(const std::function<void(std::string_view)>& answer) {
    char bytes[65536];
    const auto count = ::recv(descriptor_, bytes, sizeof bytes, 0);
    if (count == 0 || (count < 0 && errno != EAGAIN)) fail("the server hung up");
    if (count > 0) in_.append(bytes, static_cast<std::size_t>(count));
    while (true) {
        std::string_view text;
        std::size_t size = 0;
        if (kind_ == Kind::http) {
            size = http_size();
            text = std::string_view(in_).substr(taken_, size);
        } else if (!take_message(text, size)) {
            size = 0;
        }
        if (size == 0) break;
        const bool is_text = kind_ == Kind::http || (static_cast<unsigned char>(in_[taken_]) & 0xFU) == 1;
        taken_ += size;
        if (is_text) answer(text);
    }
    in_.erase(0, taken_);
    taken_ = 0;
}

}  // namespace patchbay::bench
