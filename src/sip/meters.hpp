// What the room counts. Counters are looked up once; adding costs an atomic.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/metrics.hpp"

namespace patchbay::sip {

struct AgentCounts;

/// The metrics of one Stack. Switch thread.
class Meters {
  public:
    Meters();

    void request(std::string_view method);
    /// `status`: of an answer of ours, or one we got.
    void sent(int status);
    void received(int status);
    /// A request was refused for what it is or who sent it; `reason`: a word of the manual's table.
    void refused(std::string_view reason);
    /// A header was broken and left unheeded, its request served; `header`: its name.
    void ignored(std::string_view header);
    /// What Sofia counted; told about once a second.
    void sample(const AgentCounts& counts, std::size_t legs, std::size_t finishing);

  private:
    metrics::Counter& of(std::map<std::string, metrics::Counter*, std::less<>>& cache,
                         const std::string& name, const std::string& help, const std::string& label,
                         std::string_view value);

    std::map<std::string, metrics::Counter*, std::less<>> requests_, refused_, ignored_;
    std::array<metrics::Counter*, 7> sent_{}, received_{};
    metrics::Gauge& server_transactions_;
    metrics::Gauge& client_transactions_;
    metrics::Gauge& legs_;
    metrics::Gauge& finishing_;
    metrics::Counter& repeated_in_;
    metrics::Counter& repeated_out_;
    metrics::Counter& garbage_;
    std::size_t last_in_ = 0, last_out_ = 0, last_garbage_ = 0;
};

}  // namespace patchbay::sip
