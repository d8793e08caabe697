#include "ecss/desk_feed.hpp"

#include <chrono>
#include <utility>
#include <variant>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "ecss/desk_room.hpp"

namespace patchbay::ecss {

namespace {

/// After each batch. To be woken for every event of many would cost the switch thread more than the event.
constexpr Milliseconds rest{1};

}  // namespace

// What the switch thread puts down and the feed's thread takes up.
class DeskFeed::Belt {
  public:
    using News = std::variant<acd::Snapshot, acd::Event>;
    struct Item {
        std::shared_ptr<DeskRoom> room;
        News news;
    };

    void put(Item item) {
        {
            const std::scoped_lock lock(mutex_);
            if (overflowed_) return;
            overflowed_ = items_.size() == most_waiting;
            if (overflowed_) {
                items_.clear();
                overflows_.add();
            } else {
                items_.push_back(std::move(item));
            }
        }
        changed_.notify_one();
    }
    /// Something was thrown away, and is until renew().
    bool has_overflowed() {
        const std::scoped_lock lock(mutex_);
        return overflowed_;
    }
    void renew() {
        const std::scoped_lock lock(mutex_);
        overflowed_ = false;
    }
    void stop() {
        {
            const std::scoped_lock lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_one();
    }
    /// Waits; false when it has stopped.
    bool take(std::vector<Item>& items) {
        items.clear();
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || overflowed_ || !items_.empty(); });
        items.swap(items_);
        return !stopping_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Item> items_;
    bool stopping_ = false, overflowed_ = false;
    metrics::Counter& overflows_ =
        metrics::counter("patchbay_ecss_desk_overflows_total",
                         "Times that more events of operators and queues came than could be told");
};

namespace {

// Stands at the desk for one domain.
template <typename Belt>
class Porter final : public acd::Listener {
  public:
    Porter(std::shared_ptr<Belt> belt, std::shared_ptr<DeskRoom> room)
        : belt_(std::move(belt)), room_(std::move(room)) {}
    void snapshot(const acd::Snapshot& snapshot) override { belt_->put({room_, snapshot}); }
    void event(const acd::Event& event) override { belt_->put({room_, event}); }

  private:
    const std::shared_ptr<Belt> belt_;
    const std::shared_ptr<DeskRoom> room_;
};

}  // namespace

DeskFeed::DeskFeed(acd::Gateway* desk, ConversationFeed& conversations)
    : desk_(desk), conversations_(conversations) {
    if (desk_ == nullptr) return;
    belt_ = std::make_shared<Belt>();
    thread_ = std::thread([this] { run(); });
}

void DeskFeed::run() {
    std::vector<Belt::Item> items;
    while (belt_->take(items)) {
        for (const auto& item : items) {
            std::visit([&](const auto& news) { item.room->take(news); }, item.news);
        }
        if (belt_->has_overflowed()) ask_anew();
        std::this_thread::sleep_for(rest);
    }
}

void DeskFeed::stand_at(const std::string& domain, const std::shared_ptr<DeskRoom>& room) {
    auto& listener = listeners_[domain];
    listener = std::make_shared<Porter<Belt>>(belt_, room);
    desk_->subscribe(domain, 0, listener);
}

// Nobody listens to the desk any more before the belt takes anything again: a snapshot comes first.
void DeskFeed::ask_anew() {
    log::warning("ecss", "more than {} events of operators and queues wait; the desk is asked anew",
                 most_waiting);
    const std::scoped_lock lock(mutex_);
    listeners_.clear();
    belt_->renew();
    for (const auto& [domain, room] : rooms_) stand_at(domain, room);
}

DeskFeed::~DeskFeed() {
    if (belt_) belt_->stop();
    if (thread_.joinable()) thread_.join();
}

std::shared_ptr<DeskRoom> DeskFeed::room_of(const std::string& domain) {
    const std::scoped_lock lock(mutex_);
    auto& room = rooms_[domain];
    if (room) return room;
    room = std::make_shared<DeskRoom>(conversations_);
    stand_at(domain, room);
    return room;
}

void DeskFeed::open(const std::string& domain) {
    if (desk_ != nullptr) room_of(domain);
}

std::unique_ptr<DeskFeed::Place> DeskFeed::join(Audience audience, LoginSessionPtr session,
                                                std::uint64_t after, Send send) {
    if (desk_ == nullptr) return nullptr;
    auto room = room_of(audience.domain);
    const auto id = room->join(std::move(audience), std::move(session), after, std::move(send));
    return std::make_unique<Place>(std::move(room), id);
}

DeskFeed::Place::~Place() {
    room_->leave(id_);
}

}  // namespace patchbay::ecss
