// Figures as comma-separated values (RFC 4180), for spreadsheets.
#pragma once

#include <span>
#include <string>

#include "acd/command.hpp"

namespace patchbay::acd {

/// A header line, then one line a record. Times are seconds; `begin` is empty for all the time since the
/// start, else `YYYY-MM-DD HH:MM:SS` in UTC.
std::string queues_csv(std::span<const QueueInterval> records);
std::string operators_csv(std::span<const OperatorInterval> records);

}  // namespace patchbay::acd
