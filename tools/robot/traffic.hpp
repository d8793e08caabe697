// Random calls between the phones of one process: every odd phone calls its neighbour, talks, now and then
// holds, hangs up, and pauses. For a demo domain with life in it, and for load.
#pragma once

#include <memory>
#include <random>
#include <vector>

#include "loop.hpp"
#include "options.hpp"
#include "phone.hpp"

namespace patchbay::robot {

/// Uses the loop's thread. The phones must outlive it.
class TrafficMaker {
  public:
    TrafficMaker(Loop& loop, const Traffic& settings, std::vector<std::unique_ptr<Phone>>& phones);
    void start();
    void stop() { stopped_ = true; }

  private:
    void call_later(std::size_t caller);
    void call_now(std::size_t caller);
    void talk(const std::shared_ptr<Call>& call);
    Milliseconds about(double seconds);

    Loop& loop_;
    Traffic settings_;
    std::vector<std::unique_ptr<Phone>>& phones_;
    std::mt19937 random_{std::random_device{}()};
    bool stopped_ = false;
};

}  // namespace patchbay::robot
