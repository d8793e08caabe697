// How single values of the file are read: each reader returns an empty text, or what was expected instead of
// what is there. Internal to config/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "config/config.hpp"

namespace patchbay::config {

/// The YAML library's Node and ours share a name.
using Yaml = YAML::Node;

/// Seconds, for limits.
constexpr std::int64_t day = 24 * 3600;

std::string read_text(std::string& out, const Yaml& node);
/// Text that may not be empty and holds only letters, digits and `+*#-._`.
std::string read_name(std::string& out, const Yaml& node);
/// Text, or `file:PATH` / `env:NAME` for where it stands; may not be empty.
std::string read_secret(std::string& out, const Yaml& node);
std::string read_choice(std::string& out, const Yaml& node, const std::vector<std::string>& choices);
std::string read_flag(bool& out, const Yaml& node);
std::string read_whole(std::int64_t& out, const Yaml& node, std::int64_t lowest, std::int64_t highest);
/// `address:port`, `[v6]:port`, or null for none.
std::string read_endpoint(std::optional<Endpoint>& out, const Yaml& node);
std::string read_address(std::string& out, const Yaml& node);
/// `first-last`.
std::string read_ports(std::uint16_t& first, std::uint16_t& last, const Yaml& node);
std::string read_texts(std::vector<std::string>& out, const Yaml& node);

/// A path from `/`, or null for none.
std::string read_path(std::string& out, const Yaml& node);
/// off, optional or required.
std::string read_srtp(Srtp& out, const Yaml& node);
/// The same, or null for none.
std::string read_srtp(std::optional<Srtp>& out, const Yaml& node);
/// auto, rfc4733, info or inband.
std::string read_dtmf(Dtmf& out, const Yaml& node);

template <typename Int>
std::string read_number(Int& out, const Yaml& node, std::int64_t lowest, std::int64_t highest) {
    std::int64_t value = 0;
    auto expected = read_whole(value, node, lowest, highest);
    if (expected.empty()) out = static_cast<Int>(value);
    return expected;
}

template <typename Rep, typename Period>
std::string read_duration(std::chrono::duration<Rep, Period>& out, const Yaml& node, std::int64_t lowest,
                          std::int64_t highest) {
    std::int64_t value = 0;
    auto expected = read_whole(value, node, lowest, highest);
    if (expected.empty()) out = std::chrono::duration<Rep, Period>(value);
    return expected;
}

}  // namespace patchbay::config
