// Ten million CDRs in a store without the cost of writing them one by one.
#pragma once

#include <cstdint>
#include <string>

#include "history/cdr.hpp"

namespace patchbay::bench {

inline constexpr int operators = 500, groups = 20;
inline constexpr std::uint32_t outside_numbers = 2'000'000;

/// Record `n`: two for each call, 3,150 ms apart, so that ten million are a year. A quarter of the calls are
/// made by one of 500 operators in 20 groups, the others come from 2,000,000 numbers outside.
history::Cdr nth_record(std::uint64_t n, std::uint32_t chance);
Time start_of_record(std::uint64_t n);

/// Fills an empty store with the first `count` records by SQL of its own, indices last. Ends the program on
/// errors.
void fill(const std::string& url, std::uint64_t count);

}  // namespace patchbay::bench
