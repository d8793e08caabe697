// Text from outside, made fit for those who take only UTF-8.
#pragma once

#include <string>

namespace patchbay {

/// The text itself when it is well-formed UTF-8, else with '?' for each byte that is not ASCII.
std::string as_utf8(std::string text);
/// The same, and '?' for each control character, NUL among them: nothing for a person to read, and XML has no
/// way to say most of them.
std::string as_line(std::string text);

}  // namespace patchbay
