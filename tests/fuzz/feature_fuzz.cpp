// room: acd
#include <cstdint>
#include <string_view>

#include "acd/features.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto feature = patchbay::acd::parse_feature({reinterpret_cast<const char*>(data), size});
    if (!feature) return 0;
    std::size_t length = 4;
    for (const auto& argument : feature->arguments) length += 1 + argument.size();
    const bool is_code = feature->code >= 160 && feature->code <= 167;
    // What was dialled is the code and its arguments, and perhaps a last '#'.
    if (!is_code || length > size || size > length + 2) __builtin_trap();
    return 0;
}
