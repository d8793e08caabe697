#include "wire.hpp"

namespace patchbay::robot {

void Wire::carry(std::span<const std::uint8_t> packet) {
    const double fate = std::uniform_real_distribution(0.0, 100.0)(random_);
    const Milliseconds late{std::uniform_int_distribution(0, weather_.jitter)(random_)};
    if (fate < weather_.loss) return;
    under_way_.emplace(loop_.now() + late, std::vector(packet.begin(), packet.end()));
    deliver_due();
}

void Wire::deliver_due() {
    while (!under_way_.empty() && under_way_.begin()->first <= loop_.now()) {
        deliver_(under_way_.begin()->second);
        under_way_.erase(under_way_.begin());
    }
    loop_.timers().cancel(timer_);
    if (under_way_.empty()) return;
    timer_ = loop_.timers().after(under_way_.begin()->first - loop_.now(), [this] { deliver_due(); });
}

}  // namespace patchbay::robot
