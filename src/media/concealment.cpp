#include "media/concealment.hpp"

#include <algorithm>
#include <array>

#include <spandsp.h>

namespace patchbay::media {

struct Concealment::State {
    plc_state_t plc;
    std::array<std::int16_t, 2 * PLC_HISTORY_LEN> last{};  ///< heard
    bool filling = false;
};

Concealment::Concealment() : state_(std::make_unique<State>()) {
    plc_init(&state_->plc);
}

Concealment::~Concealment() = default;

void Concealment::heard(std::span<std::int16_t> samples) {
    if (state_->filling) plc_rx(&state_->plc, samples.data(), static_cast<int>(samples.size()));
    state_->filling = false;
    auto& last = state_->last;
    const std::size_t count = std::min(samples.size(), last.size());
    std::copy(last.begin() + static_cast<std::ptrdiff_t>(count), last.end(), last.begin());
    std::ranges::copy(samples.last(count), last.end() - static_cast<std::ptrdiff_t>(count));
}

void Concealment::fill(std::span<std::int16_t> samples) {
    if (!state_->filling) {
        // All of its history at once: in pieces, spandsp would copy the history over itself.
        auto last = state_->last;
        plc_rx(&state_->plc, last.data(), static_cast<int>(last.size()));
    }
    state_->filling = true;
    plc_fillin(&state_->plc, samples.data(), static_cast<int>(samples.size()));
}

}  // namespace patchbay::media
