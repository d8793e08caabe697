// The checksum of the journal's records.
#pragma once

#include <cstdint>
#include <string_view>

namespace patchbay::journal {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4): that of "123456789" is e3069283.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace patchbay::journal
