// How a connection writes: a head and its body, a file piece by piece, and the end.
#include <algorithm>
#include <array>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

#include "http/awaitable.hpp"
#include "http/connection.hpp"
#include "http/response_body.hpp"
#include "http/response_head.hpp"

namespace patchbay::http {
namespace {

// A smaller body is copied behind its head: one buffer to write.
constexpr std::size_t joined_body = 16 * 1024;
constexpr std::size_t most_discarded = 1024 * 1024;
// The slowest client that may take a long response.
constexpr std::size_t bytes_a_second = 64 * 1024;

}  // namespace

Awaitable<bool> Connection::write(Response& response) {
    const Request& request = reader_.request();
    finish_body(request, response);
    head_.clear();
    append_head(head_, response,
                {.date = worker_.date(),
                 .close = close_after_,
                 .http_1_0_keep_alive = !close_after_ && !request.header("Connection").empty()});
    const bool with_body = request.method != "HEAD" && has_body(response.status);
    if (with_body && response.file) co_return co_await send_file(*response.file);
    std::string_view body;
    if (with_body) body = response.body;
    const auto seconds = body.size() / bytes_a_second;
    enter(Phase::writing, worker_.shared.limits.write_timeout + Seconds{seconds});
    if (body.size() <= joined_body) {
        head_ += body;
        body = {};
    }
    co_return co_await send(head_, body);
}

// The head first, then the file piece by piece, each in its own time. A file that became shorter meanwhile
// ends the connection: what was promised cannot be kept.
Awaitable<bool> Connection::send_file(const FilePart& part) {
    constexpr std::uint64_t piece = 64 * 1024;
    std::string bytes;
    for (std::uint64_t sent = 0; sent < part.length;) {
        enter(Phase::writing, worker_.shared.limits.write_timeout);
        bytes.resize(std::min(piece, part.length - sent));
        const auto got =
            ::pread(part.file.get(), bytes.data(), bytes.size(), static_cast<off_t>(part.offset + sent));
        if (got <= 0) co_return false;
        bytes.resize(static_cast<std::size_t>(got));
        const bool taken = co_await send(head_, bytes);
        if (!taken) co_return false;
        head_.clear();
        sent += bytes.size();
    }
    if (head_.empty()) co_return true;
    co_return co_await send(head_, {});
}

Awaitable<bool> Connection::send(std::string_view head, std::string_view body) {
    error_code ec;
    if (body.empty()) {
        co_await asio::async_write(*stream_, asio::const_buffer(head.data(), head.size()),
                                   asio::redirect_error(use_awaitable, ec));
    } else {
        const std::array<asio::const_buffer, 2> both{asio::const_buffer(head.data(), head.size()),
                                                     asio::const_buffer(body.data(), body.size())};
        co_await asio::async_write(*stream_, both, asio::redirect_error(use_awaitable, ec));
    }
    gone_ = bool(ec);
    co_return !ec;
}

// Says that nothing more comes, and reads what the client still sends: closing with bytes unread would make
// the kernel reset the connection, and the client lose the answer (RFC 9112, section 9.6).
Awaitable<void> Connection::close_politely() {
    enter(Phase::closing, worker_.shared.limits.close_timeout);
    error_code ec;
    if (stream_->is_tls()) co_await stream_->tls().async_shutdown(asio::redirect_error(use_awaitable, ec));
    if (ec) co_return;
    stream_->next_layer().shutdown(asio::socket_base::shutdown_send, ec);
    std::array<char, 4096> unwanted{};
    for (std::size_t total = 0; !ec && total < most_discarded;) {
        total += co_await stream_->next_layer().async_read_some(asio::buffer(unwanted),
                                                                asio::redirect_error(use_awaitable, ec));
    }
}

}  // namespace patchbay::http
