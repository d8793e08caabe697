// What a waiting caller is told: a welcome, its place, how long it may take.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acd/record.hpp"
#include "config/announcing.hpp"

namespace patchbay::acd {

/// How long the caller may still wait: the mean time that callers of the queue take, times its place, shared
/// by those who serve the queue now, busy or not. Nothing while nobody does. O(line).
std::optional<Milliseconds> expected_wait(const WaitingCaller& caller, Time now);

/// The names of the sounds that tell what the queue's `announce` asks for, in their order. What cannot be
/// said with the sounds there are, or is not known, is left out.
std::vector<std::string> announcement_for(const WaitingCaller& caller, const config::SoundFiles& sounds,
                                          Time now);

}  // namespace patchbay::acd
