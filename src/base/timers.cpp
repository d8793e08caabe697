#include "base/timers.hpp"

namespace patchbay {

TimerId Timers::after(Milliseconds delay, std::function<void()> action) {
    const auto when = clock_.ticks() + delay;
    const auto id = ++last_id_;
    due_.emplace(Key{when, id}, std::move(action));
    by_id_.emplace(id, when);
    return TimerId{id};
}

void Timers::cancel(TimerId id) {
    const auto found = by_id_.find(id.value);
    if (found == by_id_.end()) return;
    due_.erase(Key{found->second, id.value});
    by_id_.erase(found);
}

std::optional<Ticks> Timers::next() const {
    if (due_.empty()) return std::nullopt;
    return due_.begin()->first.first;
}

std::size_t Timers::run_due() {
    std::size_t ran = 0;
    while (!due_.empty() && due_.begin()->first.first <= clock_.ticks()) {
        auto node = due_.extract(due_.begin());
        by_id_.erase(node.key().second);
        node.mapped()();
        ++ran;
    }
    return ran;
}

}  // namespace patchbay
