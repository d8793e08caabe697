#include "ecss/json.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace patchbay::ecss {
namespace {

namespace json = boost::json;

constexpr std::size_t max_depth = 32;  // of JSON: a node takes two levels
constexpr std::size_t max_nodes = 1000;

Error bad_json(std::string text) {
    return Error{"bad_json", std::move(text)};
}

// Characters that XML 1.0 cannot carry (section 2.2) are refused here, too: both transports take the same.
bool is_plain_text(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    });
}

// Turns parsed JSON into nodes, counting them; the first thing that is wrong ends it.
class Reader {
  public:
    Result<Node> read(const json::value& document) {
        const auto* list = document.if_array();
        if (list == nullptr || list->size() != 1) return bad_json("The JSON is not an array of one node.");
        Node node;
        if (!read_node(list->front(), node)) return bad_json(std::move(fault_));
        return node;
    }

  private:
    bool fail(std::string text) {
        fault_ = std::move(text);
        return false;
    }

    bool read_node(const json::value& value, Node& node) {
        if (++count_ > max_nodes) return fail(fmt::format("There are more than {} nodes.", max_nodes));
        const auto* object = value.if_object();
        if (object == nullptr) return fail("A node is not an object.");
        const auto* name = object->if_contains("_name");
        if (name == nullptr || !name->is_string() || name->get_string().empty()) {
            return fail("A node has no \"_name\", which must be a string.");
        }
        node.name = std::string_view(name->get_string());
        if (!is_plain_text(node.name)) return fail("A node's \"_name\" holds a control character.");
        for (const auto& [key, member] : *object) {
            if (key == "_name") continue;
            if (key == "_attributes") {
                if (!read_attributes(member, node)) return false;
            } else if (key == "_content") {
                if (!read_content(member, node)) return false;
            } else {
                return fail(fmt::format(
                    "Node '{}' has the key \"{}\"; only _name, _attributes and _content are known.",
                    node.name, std::string_view(key)));
            }
        }
        return true;
    }

    bool read_attributes(const json::value& value, Node& node) {
        const auto* object = value.if_object();
        if (object == nullptr)
            return fail(fmt::format("\"_attributes\" of '{}' is not an object.", node.name));
        node.attributes.reserve(object->size());
        for (const auto& [key, text] : *object) {
            const std::string_view name = key;
            if (!text.is_string()) {
                return fail(fmt::format("Attribute '{}' of '{}' is not a string.", name, node.name));
            }
            const std::string_view content = text.get_string();
            if (!is_plain_text(name) || !is_plain_text(content)) {
                return fail(
                    fmt::format("Attribute '{}' of '{}' holds a control character.", name, node.name));
            }
            node.attributes.emplace_back(name, content);
        }
        return true;
    }

    bool read_content(const json::value& value, Node& node) {
        const auto* list = value.if_array();
        if (list == nullptr) return fail(fmt::format("\"_content\" of '{}' is not an array.", node.name));
        node.content.reserve(std::min(list->size(), max_nodes));
        for (const json::value& child : *list) {
            if (!read_node(child, node.content.emplace_back())) return false;
        }
        return true;
    }

    std::size_t count_ = 0;
    std::string fault_;
};

void write_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void write_node(std::string& out, const Node& node) {
    out += R"({"_name":)";
    write_string(out, node.name);
    if (!node.attributes.empty()) {
        out += R"(,"_attributes":)";
        char separator = '{';
        for (const auto& [name, value] : node.attributes) {
            out += separator;
            write_string(out, name);
            out += ':';
            write_string(out, value);
            separator = ',';
        }
        out += '}';
    }
    if (!node.content.empty()) {
        out += R"(,"_content":)";
        char separator = '[';
        for (const Node& child : node.content) {
            out += separator;
            write_node(out, child);
            separator = ',';
        }
        out += ']';
    }
    out += '}';
}

}  // namespace

Result<Node> node_from_json(std::string_view text) {
    if (text.empty()) return bad_json("There is no JSON array.");
    // The tree lives only here: one block, usually on the stack, and no destructors to run.
    unsigned char buffer[8 * 1024];
    json::monotonic_resource memory(buffer);
    json::parse_options options;
    options.max_depth = max_depth;
    json::stream_parser parser(json::storage_ptr{}, options);
    parser.reset(&memory);
    json::error_code error;
    const auto read = parser.write_some(text, error);
    if (!error && !parser.done()) parser.finish(error);
    if (error == json::error::incomplete)
        return bad_json(fmt::format("The JSON is incomplete: it ends at byte {}.", text.size()));
    if (error) return bad_json(fmt::format("The JSON is malformed near byte {}: {}.", read, error.message()));
    if (text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
        return bad_json(fmt::format("Something follows the JSON array at byte {}.", read));
    }
    return Reader{}.read(parser.release());
}

std::string json_from_node(const Node& node) {
    std::string out;
    out.reserve(256);
    out += '[';
    write_node(out, node);
    out += ']';
    return out;
}

}  // namespace patchbay::ecss
