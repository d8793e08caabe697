// Random bytes that nobody can guess: keys and passwords. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace patchbay::sip {

/// Throws std::runtime_error when the system has no randomness to give.
void fill_with_secrets(std::span<std::uint8_t> bytes);
/// Letters and digits, six bits of chance each; what ICE writes into its credentials.
std::string secret_word(std::size_t length);

}  // namespace patchbay::sip
