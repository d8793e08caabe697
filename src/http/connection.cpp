#include "http/connection.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

#include "base/log.hpp"
#include "http/pending.hpp"
#include "http/response_body.hpp"
#include "http/response_head.hpp"
#include "http/socket_connection.hpp"

namespace patchbay::http {
namespace {

using UseAwaitable = asio::use_awaitable_t<Executor>;
constexpr UseAwaitable use_awaitable;

constexpr std::size_t joined_body =
    16 * 1024;  // a smaller body is copied behind its head: one buffer to write
constexpr std::size_t most_discarded = 1024 * 1024;
constexpr std::size_t bytes_a_second = 64 * 1024;  // the slowest client that may take a long response

std::chrono::steady_clock::time_point clock_now() {
    return std::chrono::steady_clock::now();
}

const char* refusal_reason(int status) {
    switch (status) {
        case 408:
            return "slow";
        case 413:
            return "body_size";
        case 431:
            return "header_size";
        case 503:
            return "connections";
        default:
            return "malformed";
    }
}

}  // namespace

// Holds the suspended coroutine until deliver().
struct Connection::Waiter {
    virtual ~Waiter() = default;
    virtual void resume(asio::io_context& context) = 0;

    template <typename Handler>
    static std::unique_ptr<Waiter> of(Handler handler) {
        struct Held final : Waiter {
            explicit Held(Handler h) : handler(std::move(h)) {}
            void resume(asio::io_context& context) override { asio::post(context, std::move(handler)); }
            Handler handler;
        };
        return std::make_unique<Held>(std::move(handler));
    }
};

Connection::Connection(Worker& worker, Slot slot, std::unique_ptr<Stream> stream, bool refuse)
    : worker_(worker),
      slot_(std::move(slot)),
      stream_(std::move(stream)),
      refuse_(refuse),
      reader_(worker.shared.settings.max_header, worker.shared.settings.max_body) {
    error_code ec;
    const auto endpoint = stream_->next_layer().remote_endpoint(ec);
    if (!ec) remote_ = endpoint.address().to_string();
    worker_.watch(*this);
}

Connection::~Connection() {
    worker_.forget(*this);
}

void Connection::start() {
    asio::co_spawn(stream_->get_executor(), run(shared_from_this()), asio::detached);
}

Awaitable<void> Connection::run(std::shared_ptr<Connection> self) {
    bool going_on = co_await self->handshake();
    while (going_on) {
        going_on = co_await self->read_request();
        if (going_on) going_on = co_await self->serve();
    }
    if (self->stream_ && !self->gone_) co_await self->close_politely();
}

Awaitable<bool> Connection::handshake() {
    if (!stream_->is_tls()) co_return true;
    enter(Phase::handshake, worker_.shared.limits.close_timeout);
    error_code ec;
    co_await stream_->tls().async_handshake(asio::ssl::stream_base::server,
                                            asio::redirect_error(use_awaitable, ec));
    if (ec) worker_.metrics.refused("tls");
    gone_ = bool(ec);
    co_return !ec;
}

// True when there is something to answer: a request, or what is wrong with it.
Awaitable<bool> Connection::read_request() {
    const auto& limits = worker_.shared.limits;
    reader_.reset();
    enter(Phase::idle, worker_.shared.settings.idle_timeout);
    for (bool in_body = false;;) {
        buffer_.consume(reader_.take(buffer_.view()));
        const auto state = reader_.state();
        if (state == RequestReader::State::done || state == RequestReader::State::failed) co_return true;
        if (phase_ == Phase::idle && reader_.begun()) enter(Phase::reading, limits.header_timeout);
        if (!in_body && state == RequestReader::State::body) {
            in_body = true;
            enter(Phase::reading, limits.body_timeout);
            if (reader_.expects_continue() && buffer_.empty()) {
                const bool sent = co_await send("HTTP/1.1 100 Continue\r\n\r\n", {});
                if (!sent) co_return false;
            }
        }
        if (phase_ == Phase::idle && worker_.shared.stopping) co_return false;
        const bool more = co_await read_more();
        if (!more) co_return timed_out_;
    }
}

Awaitable<bool> Connection::read_more() {
    const auto room = buffer_.prepare();
    error_code ec;
    const auto count = co_await stream_->async_read_some(asio::mutable_buffer(room.data(), room.size()),
                                                         asio::redirect_error(use_awaitable, ec));
    if (ec && !timed_out_) gone_ = true;
    buffer_.commit(count);
    co_return !ec;
}

// False when the connection is to be closed, or is a WebSocket now.
Awaitable<bool> Connection::serve() {
    const auto started = clock_now();
    ++exchange_;
    answer_.reset();
    enter(Phase::answering, worker_.shared.limits.answer_timeout);
    close_after_ = is_unfit() || worker_.shared.stopping || !reader_.keep_alive();
    const std::string* pattern = nullptr;
    if (is_unfit()) {
        answer_ = turn_away();
        worker_.metrics.refused(refusal_reason(answer_->status));
    } else {
        if (!dispatch(pattern)) co_return false;
        if (!answer_) co_await answered();
    }
    const bool written = co_await write(*answer_);
    worker_.metrics.answered(pattern, reader_.request().method, answer_->status, clock_now() - started);
    co_return written && !close_after_;
}

bool Connection::is_unfit() const {
    return timed_out_ || refuse_ || reader_.state() == RequestReader::State::failed;
}

// The answer to what is not even looked at.
Response Connection::turn_away() const {
    if (timed_out_) return text_response(408, "The request took too long to arrive");
    if (reader_.state() == RequestReader::State::failed) {
        return text_response(reader_.status(), reader_.fault());
    }
    auto response = text_response(503, "Too many connections");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

// Has the request answered, now or later, by its route; false when the connection is a WebSocket now.
bool Connection::dispatch(const std::string*& pattern) {
    Request& request = reader_.request();
    request.remote = remote_;
    request.tls = stream_->is_tls();
    auto match = worker_.shared.router.match(request.method, reader_.encoded_path());
    pattern = match.pattern;
    request.parameters = std::move(match.parameters);
    if (match.socket && reader_.wants_websocket()) return !upgrade(match);
    if (match.handler) {
        call_handler(*match.handler);
    } else {
        answer_ = without_handler(match);
    }
    return true;
}

Awaitable<void> Connection::answered() {
    UseAwaitable token;
    co_await asio::async_initiate<UseAwaitable, void()>(
        [this](auto handler) { waiter_ = Waiter::of(std::move(handler)); }, token);
}

void Connection::deliver(std::uint64_t exchange, Response response) {
    if (exchange != exchange_ || answer_ || phase_ != Phase::answering) return;
    answer_ = std::move(response);
    if (const auto waiter = std::move(waiter_)) waiter->resume(worker_.context());
}

void Connection::call_handler(const Handler& handler) {
    const auto pending = std::make_shared<Pending>(worker_.door(), weak_from_this(), exchange_);
    try {
        handler(reader_.request(), [pending](Response response) { pending->answer(std::move(response)); });
    } catch (const std::exception& fault) {
        log::error("http", "a handler failed: {}", fault.what());
        pending->answer(text_response(500, "The request could not be served"));
    }
}

// 404, 405, 426, or the methods for OPTIONS.
Response Connection::without_handler(const Router::Match& match) {
    const Request& request = reader_.request();
    if (match.socket) {
        auto response = text_response(426, "This address takes WebSocket connections");
        response.headers.emplace_back("Upgrade", "websocket");
        return response;
    }
    if (request.method == "OPTIONS" && (match.pattern || request.path == "*")) {
        Response response{204, {}, {}, {}};
        if (match.pattern) response.headers.emplace_back("Allow", match.allow + ", OPTIONS");
        return response;
    }
    if (!match.pattern) return text_response(404, "There is nothing at this address");
    auto response = text_response(405, "This address does not take the method");
    response.headers.emplace_back("Allow", match.allow + ", OPTIONS");
    return response;
}

// True when the connection is a WebSocket from now on; otherwise the answer says why not.
bool Connection::upgrade(const Router::Match& match) {
    const Request& request = reader_.request();
    const auto& limits = worker_.shared.limits;
    if (auto fault = check_upgrade(request, match.protocol); fault.status != 101) {
        answer_ = std::move(fault);
        return false;
    }
    auto queue = std::make_shared<SocketQueue>(limits.socket_queue_messages, limits.socket_queue_bytes);
    std::unique_ptr<SocketListener> listener;
    try {
        listener = (*match.socket)(request, queue);
    } catch (const std::exception& fault) {
        log::error("http", "a handler failed: {}", fault.what());
    }
    if (!listener) {
        answer_ = text_response(403, "This connection is not allowed here");
        return false;
    }
    stream_->put_back(std::string(buffer_.view()));
    serve_socket(worker_, std::move(slot_), std::move(stream_), request, match.protocol, std::move(queue),
                 std::move(listener));
    return true;
}

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

void Connection::enter(Phase phase, Milliseconds limit) {
    phase_ = phase;
    deadline_ = worker_.now() + limit;
}

void Connection::check(Ticks now) {
    if (!stream_ || now < deadline_) return;
    if (phase_ == Phase::reading && !timed_out_) {
        timed_out_ = true;
        stream_->cancel();
    } else if (phase_ == Phase::answering) {
        deliver(exchange_, text_response(504, "The request was not answered in time"));
    } else {
        if (phase_ == Phase::writing) worker_.metrics.refused("slow");
        stream_->close();
    }
}

void Connection::wind_up() {
    if (stream_ && phase_ == Phase::idle) stream_->close();
}

void Connection::abandon() {
    if (phase_ == Phase::answering) deliver(exchange_, text_response(503, "The server is stopping"));
    if (stream_) stream_->close();
}

}  // namespace patchbay::http
