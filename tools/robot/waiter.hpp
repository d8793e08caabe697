// Waits until a call sounds as wanted, and says so: tests wait for sounds, never for time.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "call.hpp"
#include "facts.hpp"
#include "loop.hpp"

namespace patchbay::robot {

/// What a call has to sound like.
struct Wanted {
    std::vector<double> present, absent;  ///< Hz, of the robot's known tones
    std::optional<bool> other;            ///< something else is there, or must not be
    Milliseconds timeout{3000};
    Milliseconds stable{300};  ///< this long without a break
};

/// Uses the loop's thread.
class Waiter {
  public:
    explicit Waiter(Loop& loop) : loop_(loop) {}

    /// `done` is called once: with true when it sounded so, with false after the time.
    void wait(std::weak_ptr<Call> call, Wanted wanted, std::function<void(bool, const Heard&)> done);

    /// What is heard, as a fact's fields.
    static Json describe(Call& call);
    static Json describe(const Heard& heard, const std::vector<double>& hertz);

  private:
    struct Waiting {
        std::weak_ptr<Call> call;
        Wanted wanted;
        std::function<void(bool, const Heard&)> done;
        Ticks started{};
        std::optional<Ticks> since;  ///< when it began to sound so
    };
    void look();
    bool over(Waiting& waiting);

    Loop& loop_;
    std::list<Waiting> waiting_;
    TimerId timer_;
};

}  // namespace patchbay::robot
