#include "ringme/rate_limit.hpp"

#include <algorithm>

namespace patchbay::ringme {
namespace {

constexpr std::chrono::hours length{1};
constexpr std::size_t many_windows = 10'000;  // then those that are over are thrown out

}  // namespace

RateLimit::Window& RateLimit::window(const std::string& who, Time now) {
    if (windows_.size() > many_windows) {
        std::erase_if(windows_, [&](const auto& entry) { return entry.second.end <= now; });
    }
    auto& found = windows_[who];
    if (found.end <= now) found = {now + length, 0};
    return found;
}

RateLimit::Standing RateLimit::take(const std::string& who, int limit, Time now) {
    const std::scoped_lock lock(mutex_);
    auto& found = window(who, now);
    const bool allowed = found.used < limit;
    if (allowed) ++found.used;
    return {allowed, limit, limit - found.used, found.end};
}

RateLimit::Standing RateLimit::look(const std::string& who, int limit, Time now) {
    const std::scoped_lock lock(mutex_);
    const auto& found = window(who, now);
    return {found.used < limit, limit, std::max(0, limit - found.used), found.end};
}

}  // namespace patchbay::ringme
