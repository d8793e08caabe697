// Shortens speech without a click: one pitch period is taken out of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace patchbay::media {

/// Takes the period that is most like the one after it out of the samples (at least 10 ms of them), blending
/// the two; one of at most `most` samples. Returns how many samples are left at their begin; all when there
/// is nothing to find.
std::size_t remove_period(std::span<std::int16_t> samples, int rate, std::size_t most);

}  // namespace patchbay::media
