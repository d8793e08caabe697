#include "shrink.hpp"

#include <chrono>

namespace patchbay::simulation {
namespace {

// A long failing run is worth half a minute of looking for a short one, not more.
constexpr std::chrono::seconds patience{30};

}  // namespace

Run run(const Operations& operations, const Prepare& prepare) {
    World world;
    if (prepare) prepare(world);
    Run result;
    for (const auto& operation : operations) {
        world.perform(operation);
        ++result.performed;
        if (world.breach()) break;
    }
    if (!world.breach()) world.finish();
    result.breach = world.breach();
    result.events = world.events();
    result.accepted = world.accepted();
    return result;
}

Operations shrink(Operations failing, const Prepare& prepare) {
    const auto until = std::chrono::steady_clock::now() + patience;
    const auto whole = run(failing, prepare);
    failing.resize(whole.performed);
    for (std::size_t stretch = failing.size() / 2; stretch > 0;) {
        bool removed = false;
        for (std::size_t start = 0; start + stretch <= failing.size();) {
            if (std::chrono::steady_clock::now() > until) return failing;
            auto shorter = failing;
            const auto first = shorter.begin() + static_cast<std::ptrdiff_t>(start);
            shorter.erase(first, first + static_cast<std::ptrdiff_t>(stretch));
            if (run(shorter, prepare).breach.rule() == whole.breach.rule()) {
                failing = std::move(shorter);
                removed = true;
            } else {
                start += stretch;
            }
        }
        if (!removed || stretch > 1) stretch /= 2;
    }
    return failing;
}

}  // namespace patchbay::simulation
