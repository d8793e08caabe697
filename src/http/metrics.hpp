// What the server counts. The metrics of a route are looked up once a worker and kept.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/metrics.hpp"

namespace patchbay::http {

/// Not thread-safe: one for each worker.
class ServerMetrics {
  public:
    ServerMetrics();

    /// A request was answered. `pattern` null: no such path.
    void answered(const std::string* pattern, std::string_view method, int status,
                  std::chrono::nanoseconds took);
    /// Something was turned away; `reason` is one of a few words in static storage.
    void refused(const char* reason);

    metrics::Gauge& connections;
    metrics::Gauge& sockets;
    metrics::Counter& cut_off;

  private:
    struct Route {
        metrics::Histogram* seconds = nullptr;
        std::map<std::pair<std::string_view, int>, metrics::Counter*> answers;  // by static words
    };
    std::map<const std::string*, Route> routes_;
};

}  // namespace patchbay::http
