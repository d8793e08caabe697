// The settings of numbers for fax.
#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {
namespace {

/// T.30 knows no other signs in a station's number.
std::string read_station(std::string& out, const Yaml& node) {
    constexpr std::size_t longest = 20;
    if (auto expected = read_text(out, node); !expected.empty()) return expected;
    const bool fits = out.size() <= longest && out.find_first_not_of("0123456789+* ") == std::string::npos;
    return fits ? "" : "expected at most 20 of digits, +, * and spaces";
}

}  // namespace

const Fields<FaxNumber>& fax_fields() {
    static const Fields<FaxNumber> fields{
        {"number",
         "number",
         "",
         "The number that answers and receives a fax",
         true,
         [](FaxNumber& f, const Yaml& n) { return read_name(f.number, n); },
         {}},
        {"name",
         "text",
         "\"\"",
         "The name shown to others",
         false,
         [](FaxNumber& f, const Yaml& n) { return read_text(f.name, n); },
         {}},
        {"station",
         "digits",
         "its number",
         "What it says of itself to the sender's machine: digits, +, * and spaces, at most 20",
         false,
         [](FaxNumber& f, const Yaml& n) { return read_station(f.station, n); },
         {}},
        {"t38",
         "true or false",
         "true",
         "Ask for T.38 and take it; false: fax as audio alone",
         false,
         [](FaxNumber& f, const Yaml& n) { return read_flag(f.t38, n); },
         {}},
    };
    return fields;
}

}  // namespace patchbay::config
