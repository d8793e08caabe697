// The command line: `patchbay serve`, `check` and `reference`.
#pragma once

namespace patchbay::app {

/// Exit codes, as scripts and service managers read them.
enum ExitCode : int {
    exit_ok = 0,
    exit_failed = 1,  ///< could not start or go on: a port is taken, the disk cannot be written
    exit_usage = 2,   ///< the command line is wrong
    exit_config = 78  ///< the configuration is wrong (EX_CONFIG of sysexits.h): restarting does not help
};

/// Does what the command line says and returns the process's exit code.
int run(int argc, char** argv);

}  // namespace patchbay::app
