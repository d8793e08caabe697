// From the YAML file to a checked Config, or to every problem the file has, each with its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace patchbay::config {

/// One thing that is wrong, said so that an administrator can mend it.
struct Problem {
    std::string file;
    int line = 0;         ///< from 1; 0: the file as a whole
    std::string setting;  ///< as `domains.demo.local.extensions[2].number`; empty: the file as a whole
    std::string message;  ///< what is there and what was expected

    /// `file:line: setting: message`.
    std::string text() const;
};

/// Config when `problems` is empty.
struct Loaded {
    ConfigPtr config;
    std::vector<Problem> problems;
    std::vector<Problem> warnings{};  ///< what works, but hardly as it was meant
};

/// Reads and checks a file. Secrets given as `file:PATH` or `env:NAME` are fetched; relative paths are the
/// process's.
Loaded load_file(const std::string& path);

/// The same for text; `name` stands for the file in problems.
Loaded load_text(std::string_view yaml, const std::string& name);

}  // namespace patchbay::config
