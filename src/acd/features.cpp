#include "acd/features.hpp"

#include "base/text.hpp"

namespace patchbay::acd {
namespace {

constexpr std::size_t prefix_length = 4;  ///< *160

}  // namespace

std::optional<FeatureCode> parse_feature(std::string_view dialled) {
    if (dialled.size() < prefix_length || (dialled[0] != '*' && dialled[0] != '#')) return std::nullopt;
    const auto code = to_number(dialled.substr(1, prefix_length - 1));
    if (!code || *code < 160 || *code > 167) return std::nullopt;
    FeatureCode feature{static_cast<int>(*code), {}};
    auto rest = dialled.substr(prefix_length);
    if (rest.ends_with('#')) rest.remove_suffix(1);
    if (rest.empty()) return feature;
    if (rest[0] != '*') return std::nullopt;
    for (const auto part : split(rest.substr(1), '*')) feature.arguments.emplace_back(part);
    return feature;
}

}  // namespace patchbay::acd
