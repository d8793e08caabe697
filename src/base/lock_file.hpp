// A file that one process holds at a time.
#pragma once

#include <string>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace patchbay {

/// Holds the file, made when missing, until the result goes or the process ends in whatever way; the file
/// stays. Errors: `in_use` when somebody holds it already, this process included; `io`.
Result<Descriptor> lock_file(const std::string& path);

}  // namespace patchbay
