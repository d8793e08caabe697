// A bounded queue into one thread: any thread posts, one drains. The descriptor becomes readable when there
// is something to drain, so it fits epoll, Sofia's loop and Asio alike.
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "base/descriptor.hpp"

namespace patchbay {

/// Many producers, one consumer, first in first out.
template <typename T>
class Mailbox {
  public:
    /// `capacity`: how many items may wait. Throws std::system_error when the kernel has no eventfd left.
    explicit Mailbox(std::size_t capacity) : capacity_(capacity), wake_(make_event()) {}

    /// Any thread. False when the queue is full: the item was not taken, and the caller must say so to
    /// whoever asked (new work is refused with a clear error).
    [[nodiscard]] bool post(T item) {
        const std::scoped_lock lock(mutex_);
        if (items_.size() >= capacity_) return false;
        push(std::move(item));
        return true;
    }

    /// Any thread. Takes the item whatever the capacity: for facts, which are never dropped.
    void post_fact(T item) {
        const std::scoped_lock lock(mutex_);
        push(std::move(item));
    }

    /// The consumer's thread. Swaps what is waiting into `out`, whose old content is dropped, and clears the
    /// descriptor. `out` keeps its storage from drain to drain.
    void drain(std::vector<T>& out) {
        out.clear();
        const std::scoped_lock lock(mutex_);
        clear_event(wake_);
        items_.swap(out);
    }

    /// Readable when something waits. Any thread.
    int descriptor() const { return wake_.get(); }

    std::size_t waiting() const {
        const std::scoped_lock lock(mutex_);
        return items_.size();
    }

  private:
    void push(T&& item) {
        items_.push_back(std::move(item));
        if (items_.size() == 1) signal_event(wake_);
    }

    const std::size_t capacity_;
    Descriptor wake_;
    mutable std::mutex mutex_;
    std::vector<T> items_;
};

}  // namespace patchbay
