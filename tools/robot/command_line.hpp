// The robot's command line.
#pragma once

#include <string>

#include "options.hpp"

namespace patchbay::robot {

/// All that the command line says.
struct CommandLine {
    Options options;
    Traffic traffic;
    std::string script;
    bool stay = false;
};

/// Reads it. Returns the exit code when the program is to end at once (--help, a mistake), else nothing.
std::optional<int> read_command_line(int argc, char** argv, CommandLine& line);

/// The options of phone `index` (from 0) of several: its own number, password and tone.
Options options_of_phone(const CommandLine& line, int index);

}  // namespace patchbay::robot
