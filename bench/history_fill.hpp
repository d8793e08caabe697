// Ten million CDRs in a store without the cost of writing them one by one.
#pragma once

#include <cstdint>
#include <string>

#include "history/cdr.hpp"

namespace patchbay::bench {

inline constexpr int operators = 400, groups = 20;
inline constexpr std::uint32_t outside_numbers = 2'000'000;

/// Record `n`: two for each call, 3,150 ms apart, so that ten million are a year. A quarter of the calls are
/// made by one of 400 operators in 20 groups, the others come from 2,000,000 numbers outside.
history::Cdr nth_record(std::uint64_t n, std::uint32_t chance);
Time start_of_record(std::uint64_t n);

/// Makes the store hold the first `count` records and no others. A new one is filled by SQL of its own,
/// indices last, whole or not at all; from one that was filled before what was written since is removed. Its
/// pages are in memory then. Ends the program on errors.
void prepare(const std::string& url, std::uint64_t count);

}  // namespace patchbay::bench
