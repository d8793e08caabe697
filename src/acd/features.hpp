// Feature codes: what an operator can do from any phone, without software (docs/manual/queues.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::acd {

/// A dialled code: `*160*101*secret#` is code 160 with arguments 101 and secret. It may begin with * or #,
/// and the last # may be left out: not every phone sends one.
struct FeatureCode {
    int code = 0;
    std::vector<std::string> arguments;
};

/// Nothing when that is no code from 160 to 167. Any text from outside may be given.
std::optional<FeatureCode> parse_feature(std::string_view dialled);

}  // namespace patchbay::acd
