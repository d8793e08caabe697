// Nodes as the frames' JSON: an array of {"_name", "_attributes"?, "_content"?}, every value a string.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ecss/node.hpp"

namespace patchbay::ecss {

/// Reads an array of exactly one node. Any thread; bounded in depth and in number of nodes. The error's code
/// is `bad_json`; its text says where.
Result<Node> node_from_json(std::string_view text);

/// Minified, keys in the documented order, empty keys left out.
std::string json_from_node(const Node& node);

}  // namespace patchbay::ecss
