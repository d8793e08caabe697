#include "base/text.hpp"
#include "http/http.hpp"
#include "http/url.hpp"

namespace patchbay::http {
namespace {

std::string_view first(const Headers& headers, std::string_view name) {
    for (const auto& [key, value] : headers) {
        if (iequals(key, name)) return value;
    }
    return {};
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    return first(headers, name);
}

std::string_view Request::parameter(std::string_view name) const {
    return first(parameters, name);
}

std::string Request::query_value(std::string_view name) const {
    return form_value(query, name).value_or(std::string{});
}

}  // namespace patchbay::http
