#include "http/connection.hpp"

#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>

#include "http/response_head.hpp"

namespace patchbay::http {

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
