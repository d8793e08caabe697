// What the desk counts for Prometheus. Labels are names of the configuration and a few words: they stay few.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "acd/types.hpp"
#include "base/metrics.hpp"

namespace patchbay::acd {

/// Of one queue. Looked up once, so that counting costs no search by labels.
class QueueMeters {
  public:
    QueueMeters(const std::string& domain, const std::string& queue);
    void waiting(std::size_t callers) { waiting_.set(static_cast<double>(callers)); }
    void available(std::size_t operators) { available_.set(static_cast<double>(operators)); }
    /// Seconds waited, and how the wait ended.
    void left(Leaving how, double waited);

  private:
    metrics::Gauge& waiting_;
    metrics::Gauge& available_;
    metrics::Histogram& wait_;
    std::array<metrics::Counter*, 5> left_{};
};

/// Commands by result.
class CommandMeters {
  public:
    void count(std::string_view dialect, std::string_view command, const std::string& result);

  private:
    std::map<std::tuple<std::string_view, std::string_view, std::string>, metrics::Counter*> counters_;
};

}  // namespace patchbay::acd
