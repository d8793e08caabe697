#include "base/throttle.hpp"

namespace patchbay {
namespace {

constexpr std::size_t most_counts = 10'000;

std::string key_of(std::string_view address, std::string_view login) {
    return std::string(address).append(1, '\n').append(login);
}

}  // namespace

bool Throttle::below(const std::string& key, int most) {
    const auto found = counts_.find(key);
    if (found == counts_.end()) return true;
    if (ticks_() - found->second.since < window) return found->second.failures < most;
    counts_.erase(found);
    return true;
}

void Throttle::add(std::string key) {
    auto& count = counts_[std::move(key)];
    if (count.failures == 0 || ticks_() - count.since >= window) count = Count{ticks_(), 0};
    ++count.failures;
}

bool Throttle::allows(std::string_view address, std::string_view login) {
    const std::scoped_lock lock(mutex_);
    if (counts_.empty()) return true;
    return below(std::string(address), most_of_address) && below(key_of(address, login), most_of_login);
}

void Throttle::count_failure(std::string_view address, std::string_view login) {
    const std::scoped_lock lock(mutex_);
    if (counts_.size() >= most_counts) {
        std::erase_if(counts_, [&](const auto& entry) { return ticks_() - entry.second.since >= window; });
        if (counts_.size() >= most_counts) counts_.clear();
    }
    add(std::string(address));
    add(key_of(address, login));
}

}  // namespace patchbay
