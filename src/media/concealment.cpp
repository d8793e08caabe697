#include "media/concealment.hpp"

#include <spandsp.h>

namespace patchbay::media {

struct Concealment::State {
    plc_state_t plc;
};

Concealment::Concealment() : state_(std::make_unique<State>()) {
    plc_init(&state_->plc);
}

Concealment::~Concealment() = default;

void Concealment::heard(std::span<std::int16_t> samples) {
    plc_rx(&state_->plc, samples.data(), static_cast<int>(samples.size()));
}

void Concealment::fill(std::span<std::int16_t> samples) {
    plc_fillin(&state_->plc, samples.data(), static_cast<int>(samples.size()));
}

}  // namespace patchbay::media
