// Nodes as XML, the HTTP transport's spelling, and the check of a request against its schema.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ecss/node.hpp"
#include "ecss/schemas.hpp"

namespace patchbay::ecss {

/// Reads and validates a request of that command, which `schemas` must know. Any thread. Takes no document
/// type declaration, hence no entities; opens no file and no connection. Errors: `bad_xml` (malformed, with
/// line) and `invalid_request` (line, element and attribute).
Result<Node> node_from_xml(const Schemas& schemas, std::string_view command, std::string_view xml);

/// The same check for nodes that came as JSON. Any thread.
Result<Done> check_node(const Schemas& schemas, std::string_view command, const Node& node);

/// One line, without an XML declaration, in UTF-8.
std::string xml_from_node(const Node& node);

}  // namespace patchbay::ecss
