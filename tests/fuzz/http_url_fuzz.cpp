// room: http
#include <cstddef>
#include <cstdint>

#include "http/gzip.hpp"
#include "http/http.hpp"
#include "http/url.hpp"

// A target that is taken never leaves the root, and taking its plain form again changes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace patchbay::http;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    accepts_gzip(text);
    form_value(text, "client_id");
    const auto target = parse_target(text);
    if (!target) return 0;
    const auto again = parse_target(target->encoded);
    if (!again || again->path != target->path) __builtin_trap();
    if (target->path.find("/../") != std::string::npos && target->encoded.find('%') == std::string::npos) {
        __builtin_trap();
    }
    Router router;
    router.add("GET", "/{domain}/service/{command}", [](const Request&, const Responder&) {});
    router.match("GET", target->encoded);
    return 0;
}
