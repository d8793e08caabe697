// Bodies of several parts (RFC 2046, section 5.1), of which a call needs one. Pure text; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace patchbay::sip {

/// The content of the first part of that type ("application/sdp"), a view into `body`. None when there is no
/// such part, or when the body does not keep to its boundary.
std::optional<std::string_view> part_of(std::string_view body, std::string_view boundary,
                                        std::string_view type);

}  // namespace patchbay::sip
