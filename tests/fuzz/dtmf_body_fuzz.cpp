// room: sip
#include <cstdint>
#include <string_view>

#include "sip/dtmf_body.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    patchbay::sip::digit_in("application/dtmf-relay", body);
    patchbay::sip::digit_in("application/dtmf", body);
    return 0;
}
