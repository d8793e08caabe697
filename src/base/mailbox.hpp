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
        bool was_empty = false;
        {
            const std::scoped_lock lock(mutex_);
            if (items_.size() >= capacity_) return false;
            was_empty = push(std::move(item));
        }
        wake_if(was_empty);
        return true;
    }

    /// Any thread. Takes the item whatever the capacity: for facts, which are never dropped.
    void post_fact(T item) {
        bool was_empty = false;
        {
            const std::scoped_lock lock(mutex_);
            was_empty = push(std::move(item));
        }
        wake_if(was_empty);
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
    bool push(T&& item) {
        items_.push_back(std::move(item));
        return items_.size() == 1;
    }

    // Outside the lock: on a shared core the consumer may run at once, and would only wait for it.
    void wake_if(bool was_empty) {
        if (was_empty) signal_event(wake_);
    }

    const std::size_t capacity_;
    Descriptor wake_;
    mutable std::mutex mutex_;
    std::vector<T> items_;
};

}  // namespace patchbay
