// What the dialect counts.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/metrics.hpp"
#include "ecss/requests.hpp"

namespace patchbay::ecss {

enum class Transport : std::uint8_t { http, socket };

/// Any thread. The counters of commands are looked up once, here.
class Meters {
  public:
    Meters();

    /// One answered command; `kind` null: a command that is not served.
    void count_command(const CommandKind* kind, Transport transport, int status);
    void count_invalid(Transport transport, std::string_view reason);
    void count_wrong_length() { wrong_lengths_.add(); }

  private:
    static constexpr std::size_t results = 5;
    static constexpr std::size_t transports = 2;
    std::vector<metrics::Counter*> commands_;
    metrics::Counter& wrong_lengths_;
};

/// One WebSocket message that is no frame; `reason` is one of a few words. Any thread.
void count_bad_frame(std::string_view reason);

}  // namespace patchbay::ecss
