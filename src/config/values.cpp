#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <arpa/inet.h>

#include "base/text.hpp"

namespace patchbay::config {
namespace {

std::string quoted(const YAML::Node& node) {
    if (node.IsScalar()) return "'" + node.Scalar() + "'";
    if (node.IsNull()) return "nothing";
    return node.IsMap() ? "a mapping" : "a list";
}

bool is_address(const std::string& text) {
    std::array<unsigned char, sizeof(in6_addr)> raw{};
    return ::inet_pton(AF_INET, text.c_str(), raw.data()) == 1 ||
           ::inet_pton(AF_INET6, text.c_str(), raw.data()) == 1;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    const auto port = to_number(text);
    if (!port || *port < 0 || *port > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(*port);
}

std::string from_file(std::string& out, const std::string& path) {
    std::ifstream file(path);
    if (std::filesystem::is_directory(path)) return "'" + path + "' is a folder, expected a file";
    if (!file) return "the file '" + path + "' cannot be read";
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    out = trim(content);
    return out.empty() ? "the file '" + path + "' is empty" : "";
}

}  // namespace

std::string read_text(std::string& out, const YAML::Node& node) {
    if (!node.IsScalar()) return "expected a text, found " + quoted(node);
    out = node.Scalar();
    return is_utf8(out) ? "" : "expected UTF-8";
}

std::string read_name(std::string& out, const YAML::Node& node) {
    if (auto expected = read_text(out, node); !expected.empty()) return expected;
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("+*#-._").find(c) != std::string_view::npos;
    };
    if (out.empty() || !std::ranges::all_of(out, fits)) {
        return "expected letters, digits and + * # - . _ only, found " + quoted(node);
    }
    return "";
}

std::string read_secret(std::string& out, const YAML::Node& node) {
    if (auto expected = read_text(out, node); !expected.empty()) return expected;
    if (out.starts_with("file:")) return from_file(out, out.substr(5));
    if (out.starts_with("env:")) {
        const auto name = out.substr(4);
        const char* value = std::getenv(name.c_str());
        if (value == nullptr) return "the environment has no '" + name + "'";
        out = value;
    }
    return out.empty() ? "expected a secret that is not empty" : "";
}

std::string read_choice(std::string& out, const YAML::Node& node, const std::vector<std::string>& choices) {
    std::string value;
    if (auto expected = read_text(value, node); !expected.empty()) return expected;
    if (std::ranges::find(choices, value) != choices.end()) {
        out = value;
        return "";
    }
    std::string all;
    for (const auto& choice : choices) all += (all.empty() ? "" : ", ") + choice;
    return "expected one of " + all + ", found " + quoted(node);
}

std::string read_flag(bool& out, const YAML::Node& node) {
    try {
        out = node.as<bool>();
        return "";
    } catch (const YAML::Exception&) {
        return "expected true or false, found " + quoted(node);
    }
}

std::string read_path(std::string& out, const YAML::Node& node) {
    if (node.IsNull()) {
        out.clear();
        return "";
    }
    if (auto expected = read_text(out, node); !expected.empty()) return expected;
    return out.starts_with('/') ? "" : "expected a path from /, found " + quoted(node);
}

std::string read_srtp(Srtp& out, const YAML::Node& node) {
    std::string word;
    if (auto expected = read_choice(word, node, {"off", "optional", "required"}); !expected.empty())
        return expected;
    out = word == "off" ? Srtp::off : word == "optional" ? Srtp::optional : Srtp::required;
    return "";
}

std::string read_srtp(std::optional<Srtp>& out, const YAML::Node& node) {
    if (node.IsNull()) return "";
    return read_srtp(out.emplace(), node);
}

std::string read_dtmf(Dtmf& out, const YAML::Node& node) {
    std::string word;
    if (auto expected = read_choice(word, node, {"auto", "rfc4733", "info", "inband"}); !expected.empty())
        return expected;
    out = word == "auto"      ? Dtmf::automatic
          : word == "rfc4733" ? Dtmf::rfc4733
          : word == "info"    ? Dtmf::info
                              : Dtmf::inband;
    return "";
}

std::string read_whole(std::int64_t& out, const YAML::Node& node, std::int64_t lowest, std::int64_t highest) {
    const auto value = node.IsScalar() ? to_number(node.Scalar()) : std::nullopt;
    if (!value || *value < lowest || *value > highest) {
        return "expected a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest) +
               ", found " + quoted(node);
    }
    out = *value;
    return "";
}

std::string read_endpoint(std::optional<Endpoint>& out, const YAML::Node& node) {
    out.reset();
    if (node.IsNull()) return "";
    std::string wrong = "expected address:port (IPv6 as [address]:port) or null, found " + quoted(node);
    if (!node.IsScalar()) return wrong;
    const auto& text = node.Scalar();
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return wrong;
    auto address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    const auto port = port_of(std::string_view(text).substr(colon + 1));
    if (!port || !is_address(address)) return wrong;
    out = Endpoint{address, *port};
    return "";
}

std::string read_address(std::string& out, const YAML::Node& node) {
    if (auto expected = read_text(out, node); !expected.empty()) return expected;
    return is_address(out) ? "" : "expected an IP address, found " + quoted(node);
}

std::string read_ports(std::uint16_t& first, std::uint16_t& last, const YAML::Node& node) {
    std::string wrong = "expected a range as 20000-29999 with at least two ports, found " + quoted(node);
    if (!node.IsScalar()) return wrong;
    const auto parts = split(node.Scalar(), '-');
    if (parts.size() != 2) return wrong;
    const auto low = port_of(trim(parts[0])), high = port_of(trim(parts[1]));
    if (!low || !high || *low < 1024 || *high <= *low) return wrong;
    first = *low;
    last = *high;
    return "";
}

std::string read_texts(std::vector<std::string>& out, const YAML::Node& node) {
    out.clear();
    if (node.IsNull()) return "";
    if (!node.IsSequence()) return "expected a list, found " + quoted(node);
    for (const auto& item : node) {
        if (!item.IsScalar()) return "expected a list of texts, found " + quoted(item) + " in it";
        out.push_back(item.Scalar());
    }
    return "";
}

}  // namespace patchbay::config
