// room: ecss
// A WebSocket message from the wire: its header, its JSON, and the request in it. What is read is written and
// read back the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ecss/frame.hpp"
#include "ecss/json.hpp"
#include "ecss/requests.hpp"
#include "ecss/xml.hpp"

namespace {

namespace ecss = patchbay::ecss;

void require(bool holds) {
    if (!holds) std::abort();
}

const ecss::Schemas& schemas() {
    static const ecss::Schemas compiled("spec/ecss");
    return compiled;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view message(reinterpret_cast<const char*>(data), size);
    const auto parsed = ecss::parse_request(message);
    const auto* frame = std::get_if<ecss::RequestFrame>(&parsed);
    if (frame == nullptr) return 0;
    const auto node = ecss::node_from_json(frame->json);
    if (!node) return 0;

    const auto json = ecss::json_from_node(*node);
    const auto again = ecss::node_from_json(json);
    require(again.ok() && ecss::json_from_node(*again) == json);
    const auto wire = ecss::request_frame(frame->id, frame->command, json);
    const auto reread = ecss::parse_request(wire);
    require(std::holds_alternative<ecss::RequestFrame>(reread));
    require(std::get<ecss::RequestFrame>(reread).json == json &&
            !std::get<ecss::RequestFrame>(reread).wrong_length);

    const auto* kind = ecss::find_command(frame->command);
    if (kind == nullptr || !ecss::check_node(schemas(), kind->name, *node)) return 0;
    // What the schema lets through is read or refused, and in XML it is as valid as in JSON; but for the
    // names of schemas, which XML wants declared.
    static_cast<void>(ecss::read_request(*kind, *node));
    if (json.find("xs:") != std::string::npos || json.find("xsi:") != std::string::npos) return 0;
    require(ecss::node_from_xml(schemas(), kind->name, ecss::xml_from_node(*node)).ok());
    return 0;
}
