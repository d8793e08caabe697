#include "journal/subscribers.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

namespace patchbay::journal {

struct Subscribers::Subscriber {
    Subscriber(std::uint64_t offset, Consumer who) : after(offset), consumer(std::move(who)) {}

    void tell(std::span<const call::Event> events) {
        const auto fresh = std::ranges::upper_bound(events, after, {}, &call::Event::offset);
        events = events.subspan(static_cast<std::size_t>(fresh - events.begin()));
        if (events.empty()) return;
        const std::scoped_lock lock(mutex);
        if (closed) return;
        after = events.back().offset;
        consumer(events);
    }

    std::uint64_t after;
    const Consumer consumer;
    std::optional<EventReader> reader;  ///< while it is behind
    std::recursive_mutex mutex;         ///< a consumer may end its own subscription
    std::atomic<bool> closed{false};
};

class Subscribers::Handle final : public Subscription {
  public:
    explicit Handle(std::shared_ptr<Subscriber> subscriber) : subscriber_(std::move(subscriber)) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() override {
        const std::scoped_lock lock(subscriber_->mutex);
        subscriber_->closed = true;
    }

  private:
    std::shared_ptr<Subscriber> subscriber_;
};

std::unique_ptr<Subscription> Subscribers::add(std::uint64_t after, Consumer consumer) {
    auto subscriber = std::make_shared<Subscriber>(after, std::move(consumer));
    const std::scoped_lock lock(mutex_);
    joining_.push_back(subscriber);
    return std::make_unique<Handle>(std::move(subscriber));
}

void Subscribers::deliver(std::span<const call::Event> events) {
    for (const auto& subscriber : subscribers_)
        if (!subscriber->reader) subscriber->tell(events);
}

void Subscribers::admit(std::uint64_t newest) {
    std::erase_if(subscribers_, [](const auto& subscriber) { return subscriber->closed.load(); });
    const std::scoped_lock lock(mutex_);
    for (auto& subscriber : joining_) {
        if (subscriber->after < newest) subscriber->reader.emplace(files_, segments_, subscriber->after);
        subscribers_.push_back(std::move(subscriber));
    }
    joining_.clear();
}

EventReader::Progress Subscribers::catch_up(std::uint64_t newest) {
    using enum EventReader::Progress;
    admit(newest);
    auto all = end;
    for (const auto& subscriber : subscribers_) {
        if (!subscriber->reader || subscriber->closed) continue;
        const auto progress = subscriber->reader->read(read_);
        subscriber->tell(read_);
        if (progress == end) subscriber->reader.reset();
        if (progress == more || (progress == failed && all == end)) all = progress;
    }
    return all;
}

}  // namespace patchbay::journal
