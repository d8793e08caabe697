#include "ringme/repeats.hpp"

#include <utility>

#include "ringme/answers.hpp"

namespace patchbay::ringme {
namespace {

constexpr std::chrono::minutes kept{10};
constexpr std::size_t most_kept = 10'000;

}  // namespace

http::Responder Repeats::enter(const std::string& key, const std::string& content, http::Responder responder,
                               Time now) {
    std::unique_lock lock(mutex_);
    forget_old(now);
    const auto [found, is_new] = entries_.try_emplace(key, Entry{content, now + kept, {}, {}});
    auto& entry = found->second;
    if (is_new) {
        by_age_.emplace_back(entry.until, key);
        return
            [self = shared_from_this(), key, responder = std::move(responder)](const http::Response& answer) {
                responder(answer);
                self->answered(key, answer);
            };
    }
    if (entry.content != content) {
        lock.unlock();
        responder(error(422, "idempotency_key_reused", "The Idempotency-Key was used for another request"));
    } else if (entry.answer) {
        auto answer = *entry.answer;
        lock.unlock();
        responder(std::move(answer));
    } else {
        entry.waiting.push_back(std::move(responder));
    }
    return nullptr;
}

void Repeats::answered(const std::string& key, const http::Response& response) {
    std::vector<http::Responder> waiting;
    {
        const std::scoped_lock lock(mutex_);
        const auto found = entries_.find(key);
        if (found == entries_.end()) return;
        waiting.swap(found->second.waiting);
        if (response.status < 500) {
            found->second.answer = response;
        } else {
            entries_.erase(found);
        }
    }
    for (const auto& responder : waiting) responder(response);
}

void Repeats::forget_old(Time now) {
    while (!by_age_.empty() && (by_age_.front().first <= now || by_age_.size() >= most_kept)) {
        const auto found = entries_.find(by_age_.front().second);
        if (found != entries_.end() && found->second.until == by_age_.front().first) entries_.erase(found);
        by_age_.pop_front();
    }
}

}  // namespace patchbay::ringme
