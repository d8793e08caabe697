#include "config/config.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace patchbay::config {

const std::vector<std::string>& ringback_countries() {
    static const std::vector<std::string> countries{"au", "cn", "de", "es", "eu", "fr",
                                                    "gb", "in", "it", "jp", "ru", "us"};
    return countries;
}

namespace {

template <typename List, typename Same>
auto* find(const List& list, Same same) {
    const auto found = std::ranges::find_if(list, same);
    return found == list.end() ? nullptr : &*found;
}

}  // namespace

const Extension* Domain::extension(std::string_view number) const {
    return find(extensions, [&](const Extension& e) { return e.number == number; });
}

const Extension* Domain::extension_by_id(int id) const {
    return find(extensions, [&](const Extension& e) { return e.id == id; });
}

const Operator* Domain::operator_by_id(std::string_view id) const {
    return find(operators, [&](const Operator& o) { return o.id == id; });
}

const Operator* Domain::operator_at(std::string_view number) const {
    return find(operators, [&](const Operator& o) { return o.number == number; });
}

const FaxNumber* Domain::fax(std::string_view number) const {
    return find(faxes, [&](const FaxNumber& f) { return f.number == number; });
}

const Trunk* Domain::trunk(std::string_view trunk_name) const {
    return find(trunks, [&](const Trunk& t) { return t.name == trunk_name; });
}

const Domain* Config::domain(std::string_view name) const {
    return find(domains, [&](const Domain& d) { return iequals(d.name, name); });
}

}  // namespace patchbay::config
