#include "acd/feed.hpp"

#include <algorithm>

namespace patchbay::acd {
namespace {

constexpr std::size_t events_kept = 8192;

}  // namespace

Feed::Feed(Time start)
    : newest_(static_cast<std::uint64_t>(std::chrono::microseconds(start.time_since_epoch()).count())),
      begin_(newest_) {}

void Feed::publish(Time at, const std::string& domain, EventBody body) {
    kept_.push_back({++newest_, at, domain, std::move(body)});
    if (kept_.size() > events_kept) kept_.pop_front();
    const auto& event = kept_.back();
    bool somebody_left = false;
    for (const auto& subscriber : subscribers_) {
        const auto listener = subscriber.listener.lock();
        if (!listener) somebody_left = true;
        if (listener && subscriber.domain == domain) listener->event(event);
    }
    if (somebody_left) std::erase_if(subscribers_, [](const auto& s) { return s.listener.expired(); });
}

bool Feed::still_knows(std::uint64_t after) const {
    const auto oldest = kept_.empty() ? newest_ : kept_.front().offset - 1;
    return after >= begin_ && after >= oldest && after <= newest_;
}

void Feed::subscribe(const std::string& domain, std::uint64_t after, const std::weak_ptr<Listener>& listener,
                     const std::function<Snapshot()>& snapshot) {
    const auto held = listener.lock();
    if (!held) return;
    if (!still_knows(after)) {
        held->snapshot(snapshot());
    } else {
        for (const auto& event : kept_) {
            if (event.offset > after && event.domain == domain) held->event(event);
        }
    }
    subscribers_.push_back({domain, listener});
}

}  // namespace patchbay::acd
