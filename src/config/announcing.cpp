#include "config/announcing.hpp"

#include <algorithm>

namespace patchbay::config {
namespace {

using Names = std::vector<std::string>;

std::string name_of(std::size_t number) {
    return "number." + std::to_string(number);
}

Names digits_of(std::size_t number, const SoundFiles& sounds) {
    Names names;
    for (const char digit : std::to_string(number)) {
        names.push_back(std::string("number.") + digit);
        if (!sounds.contains(names.back())) return {};
    }
    return names;
}

// A number's round part that can stand before its rest: 100 of 137, 30 of 37; 0: it has none.
std::size_t round_part(std::size_t number) {
    if (number > 100 && number < 1000) return number - number % 100;
    return number > 20 && number < 100 ? number - number % 10 : 0;
}

// In words, not as a row of digits.
Names words_of(std::size_t number, const SoundFiles& sounds) {
    if (sounds.contains(name_of(number))) return {name_of(number)};
    const auto round = round_part(number);
    if (round == 0 || round == number || !sounds.contains(name_of(round))) return {};
    auto rest = words_of(number - round, sounds);
    if (!rest.empty()) rest.insert(rest.begin(), name_of(round));
    return rest;
}

}  // namespace

std::vector<std::string> spoken_number(std::size_t number, const SoundFiles& sounds) {
    auto names = words_of(number, sounds);
    return names.empty() ? digits_of(number, sounds) : names;
}

std::vector<std::string> missing_sounds(std::string_view announce, const SoundFiles& sounds) {
    Names missing;
    const auto want = [&](std::string_view name) {
        if (!sounds.contains(std::string(name))) missing.emplace_back(name);
    };
    if (announce == "none") return missing;
    if (announce != "wait") want(announced::position);
    if (announce != "position") {
        want(announced::wait);
        want(announced::minutes);
    }
    for (std::size_t digit = 1; digit <= 9; ++digit) want(name_of(digit));
    // With all the others there it is the 0 that keeps 10 or 20 from being said.
    bool needs_zero = false;
    for (std::size_t number = 10; number <= 90; number += 10)
        needs_zero = needs_zero || spoken_number(number, sounds).empty();
    if (needs_zero) want(name_of(0));
    return missing;
}

}  // namespace patchbay::config
