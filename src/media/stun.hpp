// STUN as an ICE-lite agent needs it (RFC 8489, RFC 8445): binding requests read and checked, and their
// success written. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "media/address.hpp"

namespace patchbay::media {

/// A binding request. Views point into the bytes it was read from.
struct BindingRequest {
    std::array<std::uint8_t, 12> transaction{};
    std::string_view username;      ///< "ours:theirs"
    bool nominates = false;         ///< USE-CANDIDATE
    bool from_controlling = false;  ///< ICE-CONTROLLING
    std::size_t integrity_at = 0;   ///< where MESSAGE-INTEGRITY begins
};

/// Nothing when the bytes are no binding request, when any length in it lies, when an attribute it wants
/// understood is unknown to us, or when it lacks USERNAME, MESSAGE-INTEGRITY or a right FINGERPRINT.
std::optional<BindingRequest> parse_binding_request(std::span<const std::uint8_t> bytes);

/// True when MESSAGE-INTEGRITY was made with that password. `bytes`: those the request was read from.
bool has_integrity(std::span<const std::uint8_t> bytes, const BindingRequest& request,
                   std::string_view password);

/// The success that tells the peer its address, with integrity by that password.
std::vector<std::uint8_t> binding_success(const BindingRequest& request, const Address& seen,
                                          std::string_view password);

/// A binding request that has all this (but integrity_at), and its integrity by that password: what a full
/// agent sends.
std::vector<std::uint8_t> build_binding_request(const BindingRequest& request, std::string_view password);

/// True for a response that says the request succeeded.
bool is_binding_success(std::span<const std::uint8_t> bytes);

}  // namespace patchbay::media
