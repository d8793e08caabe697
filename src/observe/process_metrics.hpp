// What the process uses: CPU, memory, descriptors; under the names that every Prometheus dashboard knows.
#pragma once

#include <mutex>

namespace patchbay::observe {

/// Thread-safe.
class ProcessMetrics {
  public:
    /// Notes the start time and, once for all, the version.
    explicit ProcessMetrics(const char* version);
    /// Reads the system and sets the metrics. Takes longer the more descriptors are open (about 1 us each).
    void refresh();

  private:
    std::mutex mutex_;
    double cpu_seconds_ = 0;  // counted so far
};

}  // namespace patchbay::observe
