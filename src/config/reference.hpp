// The manual's table of settings and a sample file, both made from the same descriptions that check the file.
#pragma once

#include <string>

namespace patchbay::config {

/// Markdown: a section and table for each part of the file.
std::string reference();

/// A whole YAML file with every setting at its default, explained by comments.
std::string sample();

}  // namespace patchbay::config
