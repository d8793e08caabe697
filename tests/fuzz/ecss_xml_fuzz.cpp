// room: ecss
// An XML request from the wire, given to every command: it is refused with a reason, or it is a request whose
// JSON says the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ecss/json.hpp"
#include "ecss/requests.hpp"
#include "ecss/xml.hpp"

namespace {

namespace ecss = patchbay::ecss;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const ecss::Schemas schemas("spec/ecss");
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (std::size_t i = 0; i < ecss::command_count(); ++i) {
        const auto& kind = ecss::command_at(i);
        const auto node = ecss::node_from_xml(schemas, kind.name, text);
        if (!node) {
            require(!node.error().text.empty());
            if (node.error().code == "bad_xml") return 0;
            continue;
        }
        const auto again = ecss::node_from_json(ecss::json_from_node(*node));
        require(again.ok() && ecss::xml_from_node(*again) == ecss::xml_from_node(*node));
        require(ecss::check_node(schemas, kind.name, *again).ok());
        static_cast<void>(ecss::read_request(kind, *node));
    }
    return 0;
}
