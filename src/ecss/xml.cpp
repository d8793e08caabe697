#include "ecss/xml.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/text.hpp"

namespace patchbay::ecss {
namespace {

using DocumentPtr = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;
using ParserPtr = std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)>;

const xmlChar* bytes(const std::string& text) {
    return reinterpret_cast<const xmlChar*>(text.c_str());
}

std::string_view text(const xmlChar* bytes_of_xml) {
    return bytes_of_xml == nullptr ? std::string_view{} : reinterpret_cast<const char*>(bytes_of_xml);
}

// Ends the parser at a document type declaration, before anything in it is read.
void refuse_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    auto* parser = static_cast<xmlParserCtxtPtr>(context);
    *static_cast<bool*>(parser->_private) = true;
    xmlStopParser(parser);
}

Result<DocumentPtr> parse(std::string_view xml) {
    if (xml.size() > std::numeric_limits<int>::max()) return Error{"bad_xml", "The request is too long."};
    const ParserPtr parser(xmlNewParserCtxt(), xmlFreeParserCtxt);
    if (!parser) return Error{"bad_xml", "There is no memory to read the request."};
    bool doctype = false;
    parser->_private = &doctype;
    parser->sax->internalSubset = refuse_doctype;
    DocumentPtr document(
        xmlCtxtReadMemory(parser.get(), xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA),
        xmlFreeDoc);
    if (doctype) return Error{"bad_xml", "The XML has a document type declaration, which is not taken."};
    if (document && parser->wellFormed == 1) return document;
    const auto* fault = xmlCtxtGetLastError(parser.get());
    if (fault == nullptr || fault->message == nullptr) return Error{"bad_xml", "There is no XML."};
    return Error{"bad_xml",
                 fmt::format("The XML is malformed in line {}: {}", fault->line, trim(fault->message))};
}

// Only for documents that fit a schema, so the depth is bounded.
Node node_from_element(const xmlNode& element) {
    Node node;
    node.name = text(element.name);
    for (const auto* attribute = element.properties; attribute != nullptr; attribute = attribute->next) {
        if (attribute->ns != nullptr) continue;  // xsi:…, which says nothing of the request
        const auto* value = attribute->children;
        node.attributes.emplace_back(text(attribute->name), value == nullptr ? "" : text(value->content));
    }
    for (const auto* child = element.children; child != nullptr; child = child->next) {
        if (child->type == XML_ELEMENT_NODE) node.content.push_back(node_from_element(*child));
    }
    return node;
}

// What XML says of its schema anywhere (XML Schema Part 1, 2.6) says nothing of the request.
bool is_about_schema(std::string_view attribute) {
    static constexpr std::array<std::string_view, 6> names{
        "xmlns:xs",  "xs:schemaLocation",  "xs:noNamespaceSchemaLocation",
        "xmlns:xsi", "xsi:schemaLocation", "xsi:noNamespaceSchemaLocation"};
    return std::ranges::find(names, attribute) != names.end();
}

// The first name that XML could not carry. The validator relies on there being none: it takes '*' for any
// name.
std::optional<std::string> wrong_name(const Node& node) {
    if (xmlValidateNCName(bytes(node.name), 0) != 0) return node.name;
    for (const auto& [name, value] : node.attributes) {
        if (!is_about_schema(name) && xmlValidateNCName(bytes(name), 0) != 0) return name;
    }
    for (const Node& child : node.content) {
        if (auto wrong = wrong_name(child)) return wrong;
    }
    return std::nullopt;
}

xmlNodePtr element_from_node(xmlDocPtr document, const Node& node) {
    auto* element = xmlNewDocNode(document, nullptr, bytes(node.name), nullptr);
    for (const auto& [name, value] : node.attributes) {
        if (!is_about_schema(name)) xmlNewProp(element, bytes(name), bytes(value));
    }
    for (const Node& child : node.content) xmlAddChild(element, element_from_node(document, child));
    return element;
}

Error invalid(const Misfit& misfit) {
    if (misfit.line == 0) return Error{"invalid_request", misfit.text};
    return Error{"invalid_request", fmt::format("Line {}: {}", misfit.line, misfit.text)};
}

void write_escaped(std::string& out, std::string_view value) {
    for (const char c : value) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\t':
                out += "&#9;";
                break;
            case '\n':
                out += "&#10;";
                break;
            case '\r':
                out += "&#13;";
                break;
            default:
                // XML 1.0 has no way to write the other control characters (section 2.2).
                out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    }
}

void write_element(std::string& out, const Node& node) {
    out += '<';
    out += node.name;
    for (const auto& [name, value] : node.attributes) {
        out += ' ';
        out += name;
        out += "=\"";
        write_escaped(out, value);
        out += '"';
    }
    if (node.content.empty()) {
        out += "/>";
        return;
    }
    out += '>';
    for (const Node& child : node.content) write_element(out, child);
    out += "</";
    out += node.name;
    out += '>';
}

}  // namespace

Result<Node> node_from_xml(const Schemas& schemas, std::string_view command, std::string_view xml) {
    auto document = parse(xml);
    if (!document) return document.error();
    if (const auto misfit = schemas.validate(command, *document.value())) return invalid(*misfit);
    return node_from_element(*xmlDocGetRootElement(document->get()));
}

Result<Done> check_node(const Schemas& schemas, std::string_view command, const Node& node) {
    if (const auto wrong = wrong_name(node)) {
        return Error{"invalid_request", fmt::format("'{}' is no name of an element or attribute.", *wrong)};
    }
    const DocumentPtr document(xmlNewDoc(nullptr), xmlFreeDoc);
    if (!document) return Error{"invalid_request", "There is no memory to check the request."};
    xmlDocSetRootElement(document.get(), element_from_node(document.get(), node));
    if (const auto misfit = schemas.validate(command, *document)) return invalid(*misfit);
    return Done{};
}

std::string xml_from_node(const Node& node) {
    std::string out;
    out.reserve(256);
    write_element(out, node);
    return out;
}

}  // namespace patchbay::ecss
