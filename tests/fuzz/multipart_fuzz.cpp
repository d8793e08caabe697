// room: sip
// Bodies of several parts: what is found lies within the body and holds no delimiter at the start of a line.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sip/multipart.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    // The first line is the boundary.
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return 0;
    const auto boundary = text.substr(0, end), body = text.substr(end + 1);
    const auto part = patchbay::sip::part_of(body, boundary, "application/sdp");
    if (!part || part->empty()) return 0;
    if (part->data() < body.data() || part->data() + part->size() > body.data() + body.size()) std::abort();
    if (part->find("\n--" + std::string(boundary)) != std::string_view::npos) std::abort();
    return 0;
}
