#include "http/worker.hpp"

#include <ctime>
#include <vector>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "base/turns.hpp"

namespace patchbay::http {
namespace {

Ticks steady_ticks() {
    return std::chrono::duration_cast<Ticks>(std::chrono::steady_clock::now().time_since_epoch());
}

// RFC 9110, section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". Written by hand: strftime follows the locale.
std::string http_date() {
    static constexpr const char* days[]{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[]{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[utc.tm_wday], utc.tm_mday,
                       months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace

bool Door::post(std::function<void()> action) {
    const std::scoped_lock lock(mutex_);
    if (!context_) return false;
    boost::asio::post(*context_, std::move(action));
    return true;
}

void Door::shut() {
    const std::scoped_lock lock(mutex_);
    context_ = nullptr;
}

Slot::Slot(Worker& worker) : worker_(&worker) {
    ++worker.shared.open;
    worker.metrics.connections.add(1);
}

Slot::~Slot() {
    if (!worker_) return;
    --worker_->shared.open;
    worker_->metrics.connections.add(-1);
}

Worker::Worker(Shared& shared_state)
    : shared(shared_state), timer_(context_), door_(std::make_shared<Door>(context_)) {}

Worker::~Worker() {
    door_->shut();
    if (!thread_.joinable()) return;
    context_.stop();
    thread_.join();
}

void Worker::run() {
    tick();
    thread_ = std::thread([this] {
        take_short_turns();
        context_.run();
    });
}

void Worker::wind_up() {
    door_->post([this] {
        winding_up_ = true;
        const auto clients = clients_;
        for (auto* client : clients) client->wind_up();
        check_finished();
    });
}

void Worker::wait(std::chrono::steady_clock::time_point deadline) {
    auto finished = finished_.get_future();
    if (finished.wait_until(deadline) == std::future_status::timeout) {
        door_->post([this] {
            const auto clients = clients_;
            for (auto* client : clients) client->abandon();
        });
        finished.wait_for(Seconds{1});
    }
    door_->shut();
    context_.stop();
    if (thread_.joinable()) thread_.join();
}

void Worker::watch(Watched& client) {
    clients_.insert(&client);
}

void Worker::forget(Watched& client) {
    if (clients_.erase(&client) != 0) check_finished();
}

void Worker::check_finished() {
    if (!winding_up_ || !clients_.empty()) return;
    winding_up_ = false;
    finished_.set_value();
}

void Worker::tick() {
    now_ = steady_ticks();
    date_ = http_date();
    const auto clients = std::vector<Watched*>(clients_.begin(), clients_.end());
    for (auto* client : clients) client->check(now_);
    timer_.expires_after(shared.limits.check_every);
    timer_.async_wait([this](const boost::system::error_code& ec) {
        if (!ec) tick();
    });
}

}  // namespace patchbay::http
