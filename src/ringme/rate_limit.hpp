// How much each application may ask an hour.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace patchbay::ringme {

/// Thread-safe. Windows of one hour, each from the first request in it.
class RateLimit {
  public:
    struct Standing {
        bool allowed = true;
        int limit = 0;
        int remaining = 0;
        Time reset{};  ///< when the whole limit is there again
    };

    /// Counts one request of `who`. `limit` must be above 0.
    Standing take(const std::string& who, int limit, Time now);
    /// The same without counting.
    Standing look(const std::string& who, int limit, Time now);

  private:
    struct Window {
        Time end{};
        int used = 0;
    };
    Window& window(const std::string& who, Time now);  // with the mutex held

    std::mutex mutex_;
    std::unordered_map<std::string, Window> windows_;
};

}  // namespace patchbay::ringme
