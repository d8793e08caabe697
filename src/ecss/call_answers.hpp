// Answers about calls that say more than ok.
#pragma once

#include <span>
#include <string_view>

#include "call/command.hpp"
#include "ecss/answers.hpp"

namespace patchbay::ecss {

/// The conversation that a command began.
Answer new_call_answer(std::string_view command, const call::Outcome& outcome);
/// Everybody in a call.
Answer participants_answer(std::string_view command, const call::Outcome& outcome);
/// The calls of a group: each record is the leg of whoever was called. `tag` empty: none.
Answer call_records_answer(std::span<const history::Cdr> records, std::string_view tag, Time now,
                           std::string_view external = {});

}  // namespace patchbay::ecss
