// room: sip
// Name-addr values, URIs and REGISTER's contacts from the wire, and the lines of the bindings' file.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sip/location_file.hpp"
#include "sip/name_addr.hpp"
#include "sip/registrar.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace sip = patchbay::sip;
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto read = sip::parse_name_addr(text)) {
        if (read->uri.empty()) std::abort();
        if (const auto parts = sip::parse_uri(read->uri); parts && parts->port > 65535) std::abort();
    }
    (void)sip::unescaped(text);
    const patchbay::config::Sip limits;
    if (const auto contacts = sip::read_contacts({text}, "300", limits))
        for (const auto& change : contacts->changes)
            if (change.expires > limits.max_expires || change.q < 0 || change.q > 1000) std::abort();
    if (const auto line = sip::read_line(text)) {
        const auto again = sip::read_line(sip::write_line(line->record, line->binding));
        if (!again || again->binding.expires != line->binding.expires) std::abort();
    }
    return 0;
}
