// One HTTP thread: its io_context, the clients it serves, and the clock they are watched by. Private to
// http/; brings in Asio.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/config.hpp"
#include "http/door.hpp"
#include "http/http.hpp"
#include "http/metrics.hpp"
#include "http/server.hpp"

namespace patchbay::http {

/// A connected client, as its worker watches it. Lives in the worker's thread.
class Watched {
  public:
    virtual ~Watched() = default;
    /// Called every Limits::check_every: ends what takes too long.
    virtual void check(Ticks now) = 0;
    /// The server stops: finish what is under way, then close.
    virtual void wind_up() = 0;
    /// The deadline of the stop has passed: close at once.
    virtual void abandon() = 0;
};

/// What all workers share.
struct Shared {
    config::Http settings;
    Router router;
    Limits limits;
    std::atomic<std::size_t> open{0};  ///< connections, of all workers
    std::atomic<bool> stopping{false};
};

class Worker;

/// A connection's place among those that are open; given back when it goes.
class Slot {
  public:
    explicit Slot(Worker& worker);
    ~Slot();
    Slot(Slot&& other) noexcept : worker_(std::exchange(other.worker_, nullptr)) {}
    Slot& operator=(Slot&&) = delete;

  private:
    Worker* worker_;
};

/// Everything belongs to the worker's own thread but run(), wind_up(), wait() and door().
class Worker {
  public:
    explicit Worker(Shared& shared_state);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void run();
    /// Lets every client finish; wait() then returns, when all are gone or the deadline is past.
    void wind_up();
    void wait(std::chrono::steady_clock::time_point deadline);

    void watch(Watched& client);
    void forget(Watched& client);
    /// The time that deadlines are reckoned by; not older than Limits::check_every.
    Ticks now() const { return now_; }
    const std::string& date() const { return date_; }
    boost::asio::io_context& context() { return context_; }
    const std::shared_ptr<Door>& door() const { return door_; }

    Shared& shared;
    ServerMetrics metrics;

  private:
    void tick();
    void check_finished();

    std::unordered_set<Watched*> clients_;
    Ticks now_{};
    std::string date_;
    bool winding_up_ = false;
    std::promise<void> finished_;
    // Whatever waits in the context may own clients, which end through the members above: it goes first.
    boost::asio::io_context context_{1};
    boost::asio::steady_timer timer_;
    std::shared_ptr<Door> door_;
    std::thread thread_;
};

}  // namespace patchbay::http
