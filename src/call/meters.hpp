// What the switch counts of itself.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "base/metrics.hpp"

namespace patchbay::call {

/// Keeps the metrics it has asked for, so that counting costs no look-up by labels.
class Meters {
  public:
    Meters();
    /// By how many there are more.
    void calls_changed(int by) { calls_.add(by); }
    void legs_changed(int by) { legs_.add(by); }
    void call_ended(std::string_view cause);
    /// The first two are static storage. `result`: `done`, or the refusal's code.
    void command(std::string_view dialect, std::string_view command, const std::string& result);

  private:
    metrics::Gauge& calls_;
    metrics::Gauge& legs_;
    std::map<std::string_view, metrics::Counter*> ends_;
    std::map<std::tuple<std::string_view, std::string_view, std::string>, metrics::Counter*> commands_;
};

}  // namespace patchbay::call
