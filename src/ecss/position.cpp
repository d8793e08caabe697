#include "ecss/position.hpp"

#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::ecss {
namespace {

template <typename Number>
std::optional<Number> unsigned_number(std::string_view text) {
    Number number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

}  // namespace

std::string Position::text() const {
    return step == 0 ? fmt::to_string(offset) : fmt::format("{}.{}", offset, step);
}

std::optional<Position> Position::parse(std::string_view text) {
    text = trim(text);
    const auto point = text.find('.');
    const auto offset = unsigned_number<std::uint64_t>(text.substr(0, point));
    if (!offset) return std::nullopt;
    if (point == std::string_view::npos) return Position{*offset, 0};
    const auto step = unsigned_number<std::uint32_t>(text.substr(point + 1));
    if (!step) return std::nullopt;
    return Position{*offset, *step};
}

Resume resume_from(std::string_view offset, std::string_view desk_offset) {
    return {Position::parse(offset), unsigned_number<std::uint64_t>(trim(desk_offset)).value_or(0)};
}

}  // namespace patchbay::ecss
