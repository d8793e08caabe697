// Causes hold their slug as a view of static storage; those read from disk need such storage.
#pragma once

#include <string_view>

namespace patchbay::journal {

/// The same text in storage that lasts as long as the process. Any thread. Slugs are few and short: what is
/// longer than 64 bytes, or comes after 4,096 different ones, is kept as "unknown".
std::string_view keep_slug(std::string_view slug);

}  // namespace patchbay::journal
