#include "base/clock.hpp"

#include <algorithm>

namespace patchbay {
namespace {

Time wall() {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Ticks steady() {
    return std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

SystemClock::SystemClock() : last_(wall()), last_ticks_(steady()) {}

Time SystemClock::now() {
    const auto now_ticks = steady();
    last_ = std::max(wall(), last_ + (now_ticks - last_ticks_));
    last_ticks_ = now_ticks;
    return last_;
}

Ticks SystemClock::ticks() {
    return steady();
}

}  // namespace patchbay
