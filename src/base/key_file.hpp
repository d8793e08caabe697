// Secrets that must outlive the process: a key in a file of our own.
#pragma once

#include <filesystem>
#include <string>

namespace patchbay {

/// 32 random bytes. Throws std::runtime_error when the system gives none.
std::string random_key();

/// Reads the key from the file, or makes both, readable by us alone. An empty path: a key that ends with the
/// process. Throws std::runtime_error naming the file.
std::string load_key(const std::filesystem::path& file);

}  // namespace patchbay
