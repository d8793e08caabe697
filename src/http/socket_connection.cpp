#include "http/socket_connection.hpp"

#include <exception>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "base/log.hpp"
#include "base/text.hpp"
#include "http/awaitable.hpp"
#include "http/response_head.hpp"
#include "http/worker.hpp"

namespace patchbay::http {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

// Beast calls this, found by its argument, to end the stream below a WebSocket.
template <typename Handler>
static void async_teardown(beast::role_type role, Stream& stream, Handler&& handler) {
    using beast::websocket::async_teardown;
    if (stream.is_tls()) {
        stream.tls().async_shutdown(std::forward<Handler>(handler));
    } else {
        async_teardown(role, stream.next_layer(), std::forward<Handler>(handler));
    }
}

namespace {

using UpgradeRequest = beast::http::request<beast::http::empty_body>;

constexpr std::size_t kept_buffer = 64 * 1024;
constexpr Milliseconds cut_off_grace{2'000};

class SocketConnection final : public Watched, public std::enable_shared_from_this<SocketConnection> {
  public:
    SocketConnection(Worker& worker, Slot slot, std::unique_ptr<Stream> stream,
                     std::shared_ptr<SocketQueue> queue, std::unique_ptr<SocketListener> listener);
    ~SocketConnection() override;

    void start(UpgradeRequest request, std::string protocol);

    void check(Ticks now) override;
    void wind_up() override { queue_->close(1001, "the server is stopping"); }
    void abandon() override { stream_->close(); }

  private:
    static Awaitable<void> run(std::shared_ptr<SocketConnection> self, UpgradeRequest request);
    void configure();
    void pass_on();
    void count_end(const error_code& ec);
    void flush();
    void write(std::string text);
    void close(const SocketQueue::Closing& closing);
    void end();

    Worker& worker_;
    Slot slot_;
    std::unique_ptr<Stream> stream_;
    websocket::stream<Stream&, false> socket_;
    beast::flat_buffer message_;
    std::shared_ptr<SocketQueue> queue_;
    std::unique_ptr<SocketListener> listener_;
    std::string outgoing_;
    bool open_ = false, writing_ = false, closing_ = false, cut_off_ = false, pinging_ = false;
    Ticks heard_, pinged_{}, write_by_{}, close_by_{};
};

SocketConnection::SocketConnection(Worker& worker, Slot slot, std::unique_ptr<Stream> stream,
                                   std::shared_ptr<SocketQueue> queue,
                                   std::unique_ptr<SocketListener> listener)
    : worker_(worker),
      slot_(std::move(slot)),
      stream_(std::move(stream)),
      socket_(*stream_),
      queue_(std::move(queue)),
      listener_(std::move(listener)),
      heard_(worker.now()) {
    worker_.watch(*this);
    worker_.metrics.sockets.add(1);
    configure();
}

SocketConnection::~SocketConnection() {
    end();
    worker_.metrics.sockets.add(-1);
    worker_.forget(*this);
}

void SocketConnection::configure() {
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = worker_.shared.limits.close_timeout;
    timeout.idle_timeout = websocket::stream_base::none();
    socket_.set_option(timeout);
    socket_.read_message_max(worker_.shared.limits.socket_message);
    socket_.auto_fragment(false);
    socket_.text(true);
    socket_.control_callback([this](websocket::frame_type, beast::string_view) { heard_ = worker_.now(); });
}

void SocketConnection::start(UpgradeRequest request, std::string protocol) {
    if (!protocol.empty()) {
        socket_.set_option(websocket::stream_base::decorator(
            [chosen = std::move(protocol)](websocket::response_type& response) {
                response.set(beast::http::field::sec_websocket_protocol, chosen);
            }));
    }
    asio::co_spawn(stream_->get_executor(), run(shared_from_this(), std::move(request)), asio::detached);
}

Awaitable<void> SocketConnection::run(std::shared_ptr<SocketConnection> self, UpgradeRequest request) {
    auto& me = *self;
    error_code ec;
    co_await me.socket_.async_accept(request, asio::redirect_error(use_awaitable, ec));
    if (!ec) {
        me.open_ = true;
        me.queue_->attach([door = me.worker_.door(), weak = std::weak_ptr(self)] {
            door->post([weak] {
                if (const auto alive = weak.lock()) alive->flush();
            });
        });
    }
    while (!ec) {
        co_await me.socket_.async_read(me.message_, asio::redirect_error(use_awaitable, ec));
        // A write may have failed and ended it while this read was still bringing a message.
        if (!ec && me.listener_) me.pass_on();
    }
    me.count_end(ec);
    me.end();
}

// Counts messages that were none, and clients gone without a word, perhaps in the middle of one.
void SocketConnection::count_end(const error_code& ec) {
    const auto why = queue_->closing();
    const bool closed_by_us = why && why->code != 1006;  // 1006: found broken, no one's wish
    if (closed_by_us || ec == websocket::error::closed || ec == asio::error::operation_aborted) return;
    const bool broken_off = ec == asio::error::eof || ec == asio::error::connection_reset;
    worker_.metrics.refused(broken_off ? "socket_broken_off" : "socket_message");
}

void SocketConnection::pass_on() {
    heard_ = worker_.now();
    const auto bytes = message_.cdata();
    try {
        if (socket_.got_text()) {
            listener_->on_text({static_cast<const char*>(bytes.data()), bytes.size()});
        } else {
            listener_->on_binary({static_cast<const char*>(bytes.data()), bytes.size()});
        }
    } catch (const std::exception& fault) {
        log::error("http", "a WebSocket listener failed: {}", fault.what());
        queue_->close(1011, "internal error");
    }
    message_.consume(bytes.size());
    if (message_.capacity() > kept_buffer) message_.shrink_to_fit();
}

// Sends what waits, one message at a time; then, when asked to, closes.
void SocketConnection::flush() {
    if (!open_ || closing_) return;
    if (!cut_off_ && queue_->overflowed()) {
        cut_off_ = true;
        worker_.metrics.cut_off.add();
        write_by_ = std::min(write_by_, worker_.now() + cut_off_grace);
    }
    if (writing_) return;
    if (auto text = queue_->take()) {
        write(std::move(*text));
    } else if (const auto closing = queue_->closing()) {
        close(*closing);
    }
}

void SocketConnection::write(std::string text) {
    writing_ = true;
    outgoing_ = std::move(text);
    write_by_ = worker_.now() + worker_.shared.limits.write_timeout;
    socket_.async_write(asio::buffer(outgoing_), [self = shared_from_this()](error_code ec, std::size_t) {
        self->writing_ = false;
        if (ec) return self->stream_->close();
        self->flush();
    });
}

void SocketConnection::close(const SocketQueue::Closing& closing) {
    closing_ = true;
    close_by_ = worker_.now() + worker_.shared.limits.close_timeout;
    const websocket::close_reason reason(websocket::close_code(closing.code), closing.reason);
    socket_.async_close(reason, [self = shared_from_this()](error_code) { self->stream_->close(); });
}

void SocketConnection::check(Ticks now) {
    const auto& limits = worker_.shared.limits;
    if (open_ && !closing_ && !socket_.is_open()) {  // the close handshake is done: the client is to hang up
        closing_ = true;
        close_by_ = now + limits.close_timeout;
        end();
    }
    const auto silent = now - heard_;
    const bool too_slow = (writing_ && now >= write_by_) || (closing_ && now >= close_by_);
    if (too_slow || silent >= limits.dead_after) {
        if (writing_ && !cut_off_) worker_.metrics.cut_off.add();
        cut_off_ = true;
        stream_->close();
        return;
    }
    if (!open_ || closing_ || pinging_ || silent < limits.ping_after || now - pinged_ < limits.ping_after)
        return;
    pinging_ = true;
    pinged_ = now;
    socket_.async_ping({}, [self = shared_from_this()](error_code) { self->pinging_ = false; });
}

// The dialect hears of the end once, and what it still sends goes nowhere.
void SocketConnection::end() {
    open_ = false;
    queue_->detach();
    if (const auto listener = std::move(listener_)) listener->on_close();
}

}  // namespace

/// True when a Sec-WebSocket-Protocol header offers it.
static bool offers(const Request& request, std::string_view protocol) {
    for (const auto& [name, value] : request.headers) {
        if (!iequals(name, "Sec-WebSocket-Protocol")) continue;
        for (const auto offered : split(value, ',')) {
            if (trim(offered) == protocol) return true;
        }
    }
    return false;
}

Response check_upgrade(const Request& request, std::string_view protocol) {
    if (request.header("Sec-WebSocket-Version") != "13") {
        auto response = text_response(426, "The WebSocket version is 13");
        response.headers.emplace_back("Sec-WebSocket-Version", "13");
        response.headers.emplace_back("Upgrade", "websocket");
        return response;
    }
    constexpr std::size_t key_length = 24;  // 16 bytes in base64
    if (trim(request.header("Sec-WebSocket-Key")).size() != key_length) {
        return text_response(400, "The Sec-WebSocket-Key is missing or malformed");
    }
    if (!protocol.empty() && !offers(request, protocol)) {
        return text_response(400, "The Sec-WebSocket-Protocol here is " + std::string(protocol));
    }
    return Response{101, {}, {}, {}};
}

void serve_socket(Worker& worker, Slot slot, std::unique_ptr<Stream> stream, const Request& request,
                  std::string_view protocol, std::shared_ptr<SocketQueue> queue,
                  std::unique_ptr<SocketListener> listener) {
    UpgradeRequest upgrade{beast::http::verb::get, request.path, 11};
    for (const auto* name : {"Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
        upgrade.insert(name, request.header(name));
    }
    const auto connection = std::make_shared<SocketConnection>(worker, std::move(slot), std::move(stream),
                                                               std::move(queue), std::move(listener));
    connection->start(std::move(upgrade), std::string(protocol));
}

}  // namespace patchbay::http
