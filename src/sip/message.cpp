#include "sip/message.hpp"

#include <fmt/core.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/msg_mclass.h>

#include "base/text.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

namespace {

std::string encoded(const msg_header_t* header) {
    char small[512];
    const auto length = msg_header_field_e(small, sizeof small, header, 0);
    if (length < 0) return {};
    if (static_cast<std::size_t>(length) < sizeof small) return {small, static_cast<std::size_t>(length)};
    std::string text(static_cast<std::size_t>(length) + 1, '\0');
    msg_header_field_e(text.data(), static_cast<isize_t>(text.size()), header, 0);
    text.pop_back();
    return text;
}

/// The first header object of that name, known to Sofia's parser; none for others.
const msg_header_t* first_of(const sip_t& message, const std::string& name) {
    const auto* classes = sip_default_mclass();
    const auto* reference = msg_find_hclass(classes, name.c_str(), nullptr);
    if (reference == nullptr || reference->hr_offset == 0 || reference == classes->mc_unknown) return nullptr;
    const auto* place = reinterpret_cast<const char*>(&message) + reference->hr_offset;
    return *reinterpret_cast<msg_header_t* const*>(place);
}

}  // namespace

std::vector<std::string> values(const sip_s& message, std::string_view name) {
    std::vector<std::string> found;
    for (const auto* header = first_of(message, std::string{name}); header != nullptr;
         header = header->sh_next) {
        found.push_back(encoded(header));
    }
    for (const auto* header = message.sip_unknown; header != nullptr; header = header->un_next) {
        if (iequals(view(header->un_name), name)) found.emplace_back(trim(view(header->un_value)));
    }
    return found;
}

std::string value(const sip_s& message, std::string_view name) {
    auto all = values(message, name);
    return all.empty() ? std::string{} : std::move(all.front());
}

void add_header(msg_s* message, const Header& header) {
    if (header.value.find_first_of("\r\n") != std::string::npos) return;
    const auto line = fmt::format("{}: {}\r\n", header.name, header.value);
    msg_header_add_str(message, nullptr, line.c_str());
}

}  // namespace patchbay::sip
