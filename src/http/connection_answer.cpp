// How a connection has a request answered: by its route, now or later, or by what is wrong with it.
#include <chrono>
#include <exception>
#include <utility>

#include <boost/asio/async_result.hpp>

#include "base/log.hpp"
#include "http/awaitable.hpp"
#include "http/connection.hpp"
#include "http/pending.hpp"
#include "http/response_head.hpp"
#include "http/socket_connection.hpp"

namespace patchbay::http {
namespace {

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
    const auto refuse = [&match](int status, std::string_view text) {
        return match.refusal != nullptr ? (*match.refusal)(status, text) : text_response(status, text);
    };
    if (!match.pattern) return refuse(404, "There is nothing at this address");
    auto response = refuse(405, "This address does not take the method");
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

}  // namespace patchbay::http
