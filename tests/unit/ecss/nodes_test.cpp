#include <fmt/format.h>

#include "ecss/xml.hpp"
#include "fakes.hpp"

namespace patchbay::ecss {
namespace {

const Schemas& schemas() {
    static const Schemas compiled(schema_folder());
    return compiled;
}

std::string error_of(const std::string& command, const std::string& xml) {
    const auto node = node_from_xml(schemas(), command, xml);
    EXPECT_FALSE(node) << xml;
    return node ? std::string{} : node.error().code + ": " + node.error().text;
}

std::string json_error(const std::string& json) {
    const auto node = node_from_json(json);
    EXPECT_FALSE(node) << json;
    return node ? std::string{} : node.error().text;
}

const std::string hold = R"(<in><request><call_hold conversation_id="0647e2cf80d0cc01"/></request></in>)";

TEST(Nodes, BothSpellingsAreOneTree) {
    const auto from_xml = node_from_xml(schemas(), "call_hold", hold);
    const auto from_json = node_from_json(
        R"([{"_name":"in","_content":[{"_name":"request","_content":[{"_name":"call_hold","_attributes":{"conversation_id":"0647e2cf80d0cc01"}}]}]}])");
    ASSERT_TRUE(from_xml);
    ASSERT_TRUE(from_json);
    EXPECT_EQ(json_from_node(*from_xml), json_from_node(*from_json));
    EXPECT_EQ(xml_from_node(*from_json), hold);
    EXPECT_TRUE(check_node(schemas(), "call_hold", *from_json));
}

TEST(Nodes, XmlMayComeWithDeclarationCommentsAndSchemaLocation) {
    const auto node = node_from_xml(schemas(), "call_hold", R"(<?xml version="1.0" encoding="UTF-8"?>
        <!-- hold --> <in xmlns:xs="http://www.w3.org/2001/XMLSchema-instance" xs:noNamespaceSchemaLocation="call_hold.xsd">
        <request><call_hold conversation_id='1'></call_hold></request></in>)");
    ASSERT_TRUE(node) << node.error().text;
    EXPECT_TRUE(node->attributes.empty());
    EXPECT_EQ(node->content.at(0).content.at(0).attribute("conversation_id"), "1");
}

TEST(Nodes, JsonMayNameTheSchemaToo) {
    const auto node = node_from_json(
        R"([{"_name":"in","_attributes":{"xmlns:xs":"http://www.w3.org/2001/XMLSchema-instance","xs:noNamespaceSchemaLocation":"logout.xsd"},"_content":[{"_name":"request"}]}])");
    ASSERT_TRUE(node);
    EXPECT_TRUE(check_node(schemas(), "logout", *node));
}

TEST(Nodes, EscapedAttributesAreReadAndWrittenBack) {
    const std::string xml =
        R"(<in><request><call_consult conversation_id="1" to_number="&lt;&amp;&quot;&#10;&gt;é"/></request></in>)";
    const auto node = node_from_xml(schemas(), "call_consult", xml);
    ASSERT_TRUE(node);
    EXPECT_EQ(node->content[0].content[0].attribute("to_number"), "<&\"\n>é");
    EXPECT_EQ(xml_from_node(*node), xml);
    const auto again = node_from_json(json_from_node(*node));
    ASSERT_TRUE(again);
    EXPECT_EQ(xml_from_node(*again), xml);
}

TEST(Nodes, SchemaErrorsSayLineElementAndAttribute) {
    EXPECT_EQ(error_of("call_hold", "<in>\n<request>\n<call_hold/></request></in>"),
              "invalid_request: Line 3: Element 'call_hold': The attribute 'conversation_id' is required but "
              "missing.");
    EXPECT_EQ(
        error_of("call_hold", R"(<in><request><call_hold conversation_id="1" loud="1"/></request></in>)"),
        "invalid_request: Line 1: Element 'call_hold', attribute 'loud': The attribute 'loud' is not "
        "allowed.");
    EXPECT_EQ(
        error_of("call_hold", "<in><request/></in>"),
        "invalid_request: Line 1: Element 'request': Missing child element(s). Expected is ( call_hold ).");
    EXPECT_EQ(error_of("call_unhold", hold),
              "invalid_request: Line 1: Element 'call_hold': This element is not expected. Expected is ( "
              "call_unhold ).");
}

TEST(Nodes, BothTransportsGetTheSameSchemaErrors) {
    const Node hold_node{"call_hold", {{"conversation_id", "1"}, {"loud", "1"}}, {}};
    const Node in{"in", {}, {Node{"request", {}, {hold_node}}}};
    const auto checked = check_node(schemas(), "call_hold", in);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, "invalid_request");
    EXPECT_EQ(checked.error().text,
              "Element 'call_hold', attribute 'loud': The attribute 'loud' is not allowed.");
}

// libxml2's validator takes '*' for any name.
TEST(Nodes, NamesThatXmlCannotCarryAreRefusedInJsonToo) {
    for (const auto& [request, attribute] : {std::pair{"reques*", "conversation_id"},
                                             {"request", "conversation*"},
                                             {"r t", "conversation_id"},
                                             {"", "x"},
                                             {"request", ""}}) {
        const Node in{"in", {}, {Node{request, {}, {Node{"call_hold", {{attribute, "1"}}, {}}}}}};
        const auto checked = check_node(schemas(), "call_hold", in);
        ASSERT_FALSE(checked);
        EXPECT_NE(checked.error().text.find("is no name of an element or attribute."), std::string::npos);
    }
}

TEST(Nodes, LimitOfTheHistoryIsPositive) {
    for (const auto* limit : {"0", "-1", "many", ""}) {
        const auto text =
            error_of("operator_call_history",
                     fmt::format(R"(<in><request><filters limit="{}"/></request></in>)", limit));
        EXPECT_NE(text.find("attribute 'limit'"), std::string::npos) << text;
    }
    EXPECT_TRUE(node_from_xml(schemas(), "operator_call_history",
                              R"(<in><request><filters limit="1000"/></request></in>)"));
}

TEST(Nodes, MalformedXmlSaysWhere) {
    EXPECT_EQ(error_of("call_hold", "<in>\n<request>\n</in>").substr(0, 41),
              "bad_xml: The XML is malformed in line 3: ");
    EXPECT_NE(error_of("call_hold", "").find("bad_xml"), std::string::npos);
    EXPECT_NE(error_of("call_hold", "hello").find("bad_xml"), std::string::npos);
    EXPECT_NE(error_of("call_hold", hold + "<more/>").find("bad_xml"), std::string::npos);
    EXPECT_NE(error_of("call_hold", "<in>\xff</in>").find("bad_xml"), std::string::npos);
    EXPECT_NE(error_of("call_hold", "<in><request><call_hold conversation_id=\"&nothing;\"/></request></in>")
                  .find("bad_xml"),
              std::string::npos);
}

TEST(Nodes, DocumentTypesAndTheirEntitiesAreRefused) {
    const auto refusal = "bad_xml: The XML has a document type declaration, which is not taken.";
    EXPECT_EQ(error_of("call_hold", R"(<!DOCTYPE in [<!ENTITY x SYSTEM "file:///etc/passwd">]>
        <in><request><call_hold conversation_id="&x;"/></request></in>)"),
              refusal);
    EXPECT_EQ(error_of("call_hold", "<!DOCTYPE in SYSTEM \"http://127.0.0.1:1/in.dtd\">" + hold), refusal);
    std::string bomb = "<!DOCTYPE in [<!ENTITY a0 \"ha\">";
    for (int i = 1; i < 30; ++i) bomb += fmt::format("<!ENTITY a{} \"&a{};&a{};\">", i, i - 1, i - 1);
    EXPECT_EQ(error_of("call_hold", bomb + "]><in a=\"&a29;\"/>"), refusal);
}

TEST(Nodes, DeepXmlIsRefusedBeforeItIsTurnedIntoNodes) {
    std::string deep;
    for (int i = 0; i < 20'000; ++i) deep += "<in>";
    EXPECT_NE(error_of("call_hold", deep).find("bad_xml"), std::string::npos);
}

TEST(Nodes, JsonErrorsSayWhatIsWrong) {
    EXPECT_EQ(json_error(""), "There is no JSON array.");
    EXPECT_EQ(json_error("[]"), "The JSON is not an array of one node.");
    EXPECT_EQ(json_error("[1]"), "A node is not an object.");
    EXPECT_EQ(json_error(R"([{"_name":"in"},{"_name":"in"}])"), "The JSON is not an array of one node.");
    EXPECT_EQ(json_error(R"([{"name":"in"}])"), "A node has no \"_name\", which must be a string.");
    EXPECT_EQ(json_error(R"([{"_name":1}])"), "A node has no \"_name\", which must be a string.");
    EXPECT_EQ(json_error(R"([{"_name":"in","_attributes":[]}])"),
              "\"_attributes\" of 'in' is not an object.");
    EXPECT_EQ(json_error(R"([{"_name":"in","_content":{}}])"), "\"_content\" of 'in' is not an array.");
    EXPECT_EQ(json_error(R"([{"_name":"in","_content":["text"]}])"), "A node is not an object.");
    EXPECT_EQ(json_error(R"([{"_name":"in","_text":""}])"),
              "Node 'in' has the key \"_text\"; only _name, _attributes and _content are known.");
    EXPECT_EQ(json_error(R"([{"_name":"filters","_attributes":{"limit":50}}])"),
              "Attribute 'limit' of 'filters' is not a string.");
    EXPECT_EQ(json_error("[{\"_name\":\"in\",\"_attributes\":{\"a\":\"\\u0000\"}}]"),
              "Attribute 'a' of 'in' holds a control character.");
    EXPECT_EQ(json_error(R"([{"_name":"in"}] more)"), "Something follows the JSON array at byte 17.");
}

TEST(Nodes, HalfAJsonIsSaidToBeHalf) {
    const std::string whole = R"([{"_name":"in","_content":[{"_name":"request"}]}])";
    ASSERT_TRUE(node_from_json(whole));
    for (std::size_t length = 1; length < whole.size(); ++length) {
        EXPECT_NE(json_error(whole.substr(0, length)).find("incomplete"), std::string::npos) << length;
    }
}

TEST(Nodes, JsonIsBoundedInDepthAndNumber) {
    std::string deep, wide = R"([{"_name":"in","_content":[)";
    for (int i = 0; i < 10'000; ++i) deep += R"([{"_name":"in","_content":)";
    EXPECT_NE(json_error(deep).find("malformed"), std::string::npos);
    for (int i = 0; i < 1'000; ++i) wide += R"({"_name":"a"},)";
    EXPECT_EQ(json_error(wide + R"({"_name":"a"}]}])"), "There are more than 1000 nodes.");
}

TEST(Nodes, WhatAConversationBringsIsEscapedInBothSpellings) {
    const Node node{"error", {{"body", "\"\\<&>\t\x01"}}, {}};
    EXPECT_EQ(xml_from_node(node), R"(<error body="&quot;\&lt;&amp;&gt;&#9;?"/>)");
    EXPECT_EQ(json_from_node(node), R"([{"_name":"error","_attributes":{"body":"\"\\<&>\t\u0001"}}])");
}

}  // namespace
}  // namespace patchbay::ecss
