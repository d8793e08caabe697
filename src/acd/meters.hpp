// What the desk counts for Prometheus. Labels are names of the configuration and a few words: they
// stay few. The seconds of what lasts still are brought up to date every five.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "acd/figures.hpp"
#include "acd/types.hpp"
#include "base/metrics.hpp"

namespace patchbay::acd {

/// Of one queue. Looked up once, so that counting costs no search by labels.
class QueueMeters {
  public:
    QueueMeters(const std::string& domain, const std::string& queue);
    void waiting(std::size_t callers) { waiting_.set(static_cast<double>(callers)); }
    void available(std::size_t operators) { available_.set(static_cast<double>(operators)); }
    /// How long the first of those who wait now has waited; zero when nobody does.
    void longest_wait(Milliseconds time);
    /// A caller left, which is this in figures.
    void left(const QueueFigures& figures, Milliseconds waited);
    void handled(Handling what, Milliseconds time);

  private:
    metrics::Gauge& waiting_;
    metrics::Gauge& longest_wait_;
    metrics::Gauge& available_;
    metrics::Histogram& wait_;
    metrics::Counter& in_time_;
    std::array<metrics::Counter*, 6> left_{};
    std::array<metrics::Counter*, 3> handled_{};
};

/// Of one operator. Each is made when there is something to count: who never logs in has none.
class OperatorMeters {
  public:
    OperatorMeters(std::string domain, std::string operator_id)
        : domain_(std::move(domain)), operator_id_(std::move(operator_id)) {}
    void spent(OperatorState state, Milliseconds time);
    void handled(Handling what, Milliseconds time);

  private:
    const std::string domain_, operator_id_;
    std::array<metrics::Counter*, 7> spent_{};
    std::array<metrics::Counter*, 3> handled_{};
};

/// Commands by result.
class CommandMeters {
  public:
    void count(std::string_view dialect, std::string_view command, const std::string& result);

  private:
    std::map<std::tuple<std::string_view, std::string_view, std::string>, metrics::Counter*> counters_;
};

}  // namespace patchbay::acd
