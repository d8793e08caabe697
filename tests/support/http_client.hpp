// A blocking HTTP and WebSocket client for tests: it sends the bytes it is told to, right or wrong. Reads
// give up after ten seconds, so that a test that waits in vain fails.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/text.hpp"
#include "http/http.hpp"

namespace patchbay::testing {

struct HttpAnswer {
    int status = 0;
    http::Headers headers;
    std::string body;

    std::string header(std::string_view name) const {
        for (const auto& [key, value] : headers) {
            if (iequals(key, name)) return value;
        }
        return {};
    }
};

struct WsFrame {
    int opcode = 0;
    std::string payload;
    int close_code() const {
        if (payload.size() < 2) return 0;
        return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
    }
};

class HttpClient {
  public:
    explicit HttpClient(std::uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        if (receive_buffer != 0) {
            ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        }
        const timeval limit{10, 0};
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }

    bool connected() const { return connected_; }

    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    /// The next response; nothing when the server closed first. 100 Continue comes as any other.
    std::optional<HttpAnswer> answer(bool to_head = false) {
        const auto head_end = read_until("\r\n\r\n");
        if (!head_end) return std::nullopt;
        const auto head = take(*head_end + 4);
        HttpAnswer answer;
        const auto lines = split(std::string_view(head).substr(0, *head_end), '\n');
        answer.status = static_cast<int>(to_number(lines[0].substr(9, 3)).value_or(0));
        for (const auto line : std::vector<std::string_view>(lines.begin() + 1, lines.end())) {
            const auto colon = line.find(':');
            answer.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
        }
        const auto length = to_number(answer.header("Content-Length")).value_or(0);
        if (to_head) return answer;
        if (!read_at_least(static_cast<std::size_t>(length))) return std::nullopt;
        answer.body = take(static_cast<std::size_t>(length));
        return answer;
    }

    /// Sends a request and reads its answer; Host and Content-Length are added.
    std::optional<HttpAnswer> ask(std::string_view method, std::string_view target,
                                  std::string_view headers = {}, std::string_view body = {}) {
        std::string text(method);
        text.append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(headers);
        if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        text.append("\r\n").append(body);
        if (!send(text)) return std::nullopt;
        return answer(method == "HEAD");
    }

    /// True when the server closes within the ten seconds; what it still sent is dropped.
    bool closed() {
        char buffer[4096];
        for (;;) {
            const auto count = ::recv(fd_.get(), buffer, sizeof buffer, 0);
            if (count == 0) return true;
            if (count < 0) return errno == ECONNRESET;
        }
    }

    static std::string upgrade_request(std::string_view target, std::string_view headers = {}) {
        std::string text = "GET ";
        text.append(target)
            .append(
                " HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n")
            .append(headers)
            .append("\r\n");
        return text;
    }

    /// A masked frame, as clients send it (RFC 6455, section 5.2).
    static std::string frame(int opcode, std::string_view payload, bool final = true) {
        std::string bytes;
        bytes += static_cast<char>((final ? 0x80 : 0) | opcode);
        if (payload.size() < 126) {
            bytes += static_cast<char>(0x80 | payload.size());
        } else if (payload.size() < 65536) {
            bytes += static_cast<char>(0x80 | 126);
            bytes += static_cast<char>(payload.size() >> 8U);
            bytes += static_cast<char>(payload.size());
        } else {
            bytes += static_cast<char>(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(payload.size() >> shift);
        }
        static constexpr std::string_view mask = "\x12\x34\x56\x78";
        bytes += mask;
        for (std::size_t i = 0; i < payload.size(); ++i) bytes += static_cast<char>(payload[i] ^ mask[i % 4]);
        return bytes;
    }

    bool upgrade(std::string_view target, std::string_view headers = {}) {
        if (!send(upgrade_request(target, headers))) return false;
        const auto got = answer();
        return got && got->status == 101;
    }
    bool say(std::string_view text) { return send(frame(1, text)); }

    /// The next frame; nothing when the connection ended.
    std::optional<WsFrame> hear() {
        if (!read_at_least(2)) return std::nullopt;
        WsFrame frame;
        frame.opcode = inbox_[0] & 15;
        std::size_t length = static_cast<unsigned char>(inbox_[1]) & 127U;
        std::size_t header = 2;
        const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (!read_at_least(header + extra)) return std::nullopt;
        if (extra != 0) length = 0;
        for (std::size_t i = 0; i < extra; ++i)
            length = length * 256 + static_cast<unsigned char>(inbox_[2 + i]);
        header += extra;
        if (!read_at_least(header + length)) return std::nullopt;
        take(header);
        frame.payload = take(length);
        return frame;
    }

  private:
    bool read_more() {
        char buffer[65536];
        const auto count = ::recv(fd_.get(), buffer, sizeof buffer, 0);
        if (count <= 0) return false;
        inbox_.append(buffer, static_cast<std::size_t>(count));
        return true;
    }
    bool read_at_least(std::size_t count) {
        while (inbox_.size() < count) {
            if (!read_more()) return false;
        }
        return true;
    }
    std::optional<std::size_t> read_until(std::string_view mark) {
        for (;;) {
            if (const auto at = inbox_.find(mark); at != std::string::npos) return at;
            if (!read_more()) return std::nullopt;
        }
    }
    std::string take(std::size_t count) {
        auto text = inbox_.substr(0, count);
        inbox_.erase(0, count);
        return text;
    }

    Descriptor fd_;
    bool connected_ = false;
    std::string inbox_;
};

}  // namespace patchbay::testing
