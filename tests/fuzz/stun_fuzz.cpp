// room: media
// Whatever reaches a port as STUN: a request that is read lies within its bytes, its answer is well formed,
// and no bytes but those made with the password prove anything.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "media/stun.hpp"

using namespace patchbay::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> bytes(data, size);
    const auto request = parse_binding_request(bytes);
    if (!request) return 0;
    const auto* name = reinterpret_cast<const std::uint8_t*>(request->username.data());
    if (name < data || name + request->username.size() > data + size) std::abort();
    if (request->integrity_at + 24 > size) std::abort();
    has_integrity(bytes, *request, "a password nobody was told");
    const auto answer = binding_success(*request, *Address::parse({"192.0.2.1", 4000}), "password");
    if (!is_binding_success(answer)) std::abort();
    const auto again = build_binding_request(*request, "password");
    const auto read = parse_binding_request(again);
    if (!read || read->username != request->username || !has_integrity(again, *read, "password"))
        std::abort();
    return 0;
}
