#include "base/ids.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace patchbay {
namespace {

std::optional<std::uint64_t> whole_number(std::string_view text, int base) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::string LegId::text() const {
    return hex16(value);
}

std::optional<LegId> LegId::parse(std::string_view text) {
    if (text.size() != 16) return std::nullopt;
    const auto value = whole_number(text, 16);
    if (!value) return std::nullopt;
    return LegId{*value};
}

std::string CallRef::text() const {
    return std::to_string(value);
}

std::optional<CallRef> CallRef::parse(std::string_view text) {
    const auto value = whole_number(text, 10);
    if (!value) return std::nullopt;
    return CallRef{*value};
}

std::uint64_t IdSource::next() {
    const auto since_1970 = std::chrono::microseconds(clock_.now().time_since_epoch()).count();
    last_ = std::max(last_ + 1, static_cast<std::uint64_t>(since_1970) << 8U);
    return last_;
}

}  // namespace patchbay
