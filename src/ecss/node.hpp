// The one form in which both transports' messages are read and written: a tree of named nodes with
// attributes. XML (xml.hpp) and the frames' JSON (json.hpp) are two spellings of it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::ecss {

/// A plain value. Attributes keep their order: it is part of the documented answers.
struct Node {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<Node> content;

    /// The attribute's value; empty when there is none: the interface makes no difference between the two.
    std::string_view attribute(std::string_view name_wanted) const {
        for (const auto& [key, value] : attributes) {
            if (key == name_wanted) return value;
        }
        return {};
    }
    /// The first child of that name, or null.
    const Node* child(std::string_view name_wanted) const {
        for (const Node& node : content) {
            if (node.name == name_wanted) return &node;
        }
        return nullptr;
    }
};

}  // namespace patchbay::ecss
