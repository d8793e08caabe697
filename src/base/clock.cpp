#include "base/clock.hpp"

#include <algorithm>

namespace patchbay {

Time wall_time() {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Ticks steady_time() {
    return std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

Time ForwardTime::at(Time wall, Ticks steady) {
    last_ = std::max(wall, last_ + (steady - last_ticks_));
    last_ticks_ = steady;
    return last_;
}

}  // namespace patchbay
