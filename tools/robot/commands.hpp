// The commands a robot takes: JSON objects, one a line.
#pragma once

#include <string_view>

#include "facts.hpp"
#include "phone.hpp"

namespace patchbay::robot {

/// Carries out one command and says so: the fact "done" (or "refused", with a text) carries the command's
/// "id"; commands that answer something (hear, stats, wait_tones) answer by a fact of their own instead.
void execute(Phone& phone, const Json& command);

/// Reads one line and executes it on the phone its "phone" names (from 1; the first when it names none).
void execute_line(std::vector<std::unique_ptr<Phone>>& phones, std::string_view line);

}  // namespace patchbay::robot
