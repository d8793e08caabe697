#include "sip/update_queue.hpp"

#include <utility>

namespace patchbay::sip {

void UpdateQueue::want(const Update& update) {
    if (!wanted_) {
        wanted_ = update;
        return;
    }
    wanted_->offer |= update.offer;
    wanted_->retrieve |= update.retrieve;
    wanted_->refresh |= update.refresh;
    wanted_->t38 |= update.t38;
    if (update.like) wanted_->like = update.like;
}

std::optional<Update> UpdateQueue::next() {
    if (outstanding_ || waiting_ || !wanted_) return {};
    outstanding_ = std::exchange(wanted_, std::nullopt);
    return outstanding_;
}

void UpdateQueue::done() {
    outstanding_.reset();
}

void UpdateQueue::glare() {
    if (!outstanding_) return;
    const auto newer = std::exchange(wanted_, std::exchange(outstanding_, std::nullopt));
    if (newer) want(*newer);
    waiting_ = true;
}

Milliseconds glare_delay(bool owns_call_id, std::uint64_t chance) {
    const auto step = static_cast<std::int64_t>(owns_call_id ? 210 + chance % 191 : chance % 201);
    return Milliseconds{step * 10};
}

}  // namespace patchbay::sip
