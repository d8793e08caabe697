// Requests sent again with the same Idempotency-Key: they get the first answer, and nothing is done twice.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "http/http.hpp"

namespace patchbay::ringme {

/// Thread-safe. Keeps answers for ten minutes, and of the newest 10,000 keys at most. What failed for the
/// server's own reasons (5xx) is forgotten, so that it can be tried again.
class Repeats : public std::enable_shared_from_this<Repeats> {
  public:
    /// The first request of a key: returns the Responder to answer it with. A later one: it is answered here,
    /// at once or together with the first, and nothing is returned. The same key with another `content` is
    /// refused with 422.
    http::Responder enter(const std::string& key, const std::string& content, http::Responder responder,
                          Time now);

  private:
    struct Entry {
        std::string content;
        Time until{};
        std::optional<http::Response> answer;
        std::vector<http::Responder> waiting;
    };
    void forget_old(Time now);  // with the mutex held
    void answered(const std::string& key, const http::Response& response);

    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
    std::deque<std::pair<Time, std::string>> by_age_;
};

}  // namespace patchbay::ringme
