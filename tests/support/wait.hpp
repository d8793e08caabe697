// Waiting for what another thread does.
#pragma once

#include <chrono>
#include <thread>

namespace patchbay::support {

/// True once the condition holds; false when it does not within a minute.
template <typename Condition>
bool becomes_true(const Condition& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace patchbay::support
