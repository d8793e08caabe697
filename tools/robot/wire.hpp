// The network between the robot and its peer when it is to be a bad one: packets are lost and late by chance,
// and overtake each other. The chance is seeded, so a bad day can be had again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <span>
#include <vector>

#include "loop.hpp"
#include "options.hpp"

namespace patchbay::robot {

/// Uses the loop's thread.
class Wire {
  public:
    using Deliver = std::function<void(std::span<const std::uint8_t>)>;

    Wire(Loop& loop, const Options::Weather& weather, Deliver deliver)
        : loop_(loop), weather_(weather), deliver_(std::move(deliver)), random_(weather.seed) {}
    ~Wire() { loop_.timers().cancel(timer_); }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    /// Delivers the packet when its time has come, or never.
    void carry(std::span<const std::uint8_t> packet);

  private:
    void deliver_due();

    Loop& loop_;
    const Options::Weather weather_;
    Deliver deliver_;
    std::mt19937 random_;
    std::multimap<Ticks, std::vector<std::uint8_t>> under_way_;
    TimerId timer_;
};

}  // namespace patchbay::robot
