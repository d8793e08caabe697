#include "journal/record.hpp"

#include <charconv>
#include <cstdint>

#include "journal/crc.hpp"

namespace patchbay::journal {
namespace {

constexpr std::size_t checksum_digits = 8;
constexpr std::size_t prefix = checksum_digits + 1;  // and a space

}  // namespace

std::size_t begin_record(std::string& out) {
    out.append("00000000 ");
    return out.size();
}

void seal_record(std::string& out, std::size_t begun) {
    std::uint32_t checksum = crc32c(std::string_view(out).substr(begun));
    for (std::size_t digit = 0; digit < checksum_digits; ++digit) {
        out[begun - 2 - digit] = "0123456789abcdef"[checksum & 0xf];
        checksum >>= 4;
    }
    out.push_back('\n');
}

RecordView first_record(std::string_view bytes) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) return {RecordState::partial, {}, bytes.size()};
    const RecordView damaged{RecordState::damaged, {}, end + 1};
    if (end < prefix || bytes[checksum_digits] != ' ') return damaged;
    std::uint32_t expected = 0;
    const char* const digits_end = bytes.data() + checksum_digits;
    const auto [read_to, error] = std::from_chars(bytes.data(), digits_end, expected, 16);
    const auto json = bytes.substr(prefix, end - prefix);
    if (error != std::errc{} || read_to != digits_end || crc32c(json) != expected) return damaged;
    return {RecordState::whole, json, end + 1};
}

}  // namespace patchbay::journal
