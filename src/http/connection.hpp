// One HTTP/1.1 connection: requests in, answers out, in order, within their time. Private to http/; brings in
// Asio.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/awaitable.hpp"
#include "http/read_buffer.hpp"
#include "http/request_reader.hpp"
#include "http/worker.hpp"

namespace patchbay::http {

/// Lives in its worker's thread; owned by its own coroutine.
class Connection final : public Watched, public std::enable_shared_from_this<Connection> {
  public:
    /// `refuse`: there are too many connections already, so the first request gets 503.
    Connection(Worker& worker, Slot slot, std::unique_ptr<Stream> stream, bool refuse);
    ~Connection() override;

    void start();
    /// The answer to request number `exchange` of this connection; ignored when that was answered already.
    void deliver(std::uint64_t exchange, Response response);

    void check(Ticks now) override;
    void wind_up() override;
    void abandon() override;

  private:
    enum class Phase : std::uint8_t { handshake, idle, reading, answering, writing, closing };

    static Awaitable<void> run(std::shared_ptr<Connection> self);
    Awaitable<bool> handshake();
    Awaitable<bool> read_request();
    Awaitable<bool> read_more();
    Awaitable<bool> serve();
    Awaitable<void> answered();
    Awaitable<bool> write(Response& response);
    Awaitable<bool> send(std::string_view head, std::string_view body);
    Awaitable<bool> send_file(const FilePart& part);
    Awaitable<void> close_politely();

    bool is_unfit() const;
    Response turn_away() const;
    bool dispatch(const std::string*& pattern);
    void call_handler(const Handler& handler);
    Response without_handler(const Router::Match& match);
    bool upgrade(const Router::Match& match);
    void enter(Phase phase, Milliseconds limit);

    Worker& worker_;
    Slot slot_;
    std::unique_ptr<Stream> stream_;
    std::string remote_;
    const bool refuse_;
    bool close_after_ = false;  // the response being made is the last
    bool timed_out_ = false;
    bool gone_ = false;  // the client closed, or the connection broke
    Phase phase_ = Phase::handshake;
    Ticks deadline_{};
    ReadBuffer buffer_;
    RequestReader reader_;
    std::string head_;
    std::uint64_t exchange_ = 0;
    std::optional<Response> answer_;
    std::unique_ptr<Waiter> waiter_;
};

}  // namespace patchbay::http
