// The JSON socket's messages and verbs.
#include <gtest/gtest.h>

#include "ecss/json_message.hpp"
#include "ecss/json_verbs.hpp"

namespace patchbay::ecss {
namespace {

JsonRequest request(const std::string& action, const std::string& payload) {
    auto read =
        read_json_request(R"({"action":")" + action + R"(","requestId":7,"payload":)" + payload + "}");
    EXPECT_TRUE(read) << read.error().text;
    return read ? *read : JsonRequest{};
}

std::string code_of(const std::string& action, const std::string& payload) {
    const auto* verb = find_json_verb(action);
    if (verb == nullptr) return "unknown";
    const auto command = verb->read(request(action, payload));
    return command ? "" : command.error().code;
}

TEST(JsonMessage, plain_members_are_texts_and_lists_are_kept) {
    const auto read = request("x", R"({"a":"б","b":12,"c":true,"d":null,"e":["1",2]})");
    EXPECT_EQ(read.value("a"), "б");
    EXPECT_EQ(read.value("b"), "12");
    EXPECT_EQ(read.value("c"), "true");
    EXPECT_EQ(read.value("d"), "");
    EXPECT_EQ(read.value("missing"), "");
    EXPECT_EQ(read.lists.at("e"), (std::vector<std::string>{"1", "2"}));
}

TEST(JsonMessage, the_request_id_comes_back_as_it_was) {
    for (const std::string id : {"\"a\\\"b\"", "12", "-1.5E0", "true"}) {
        const auto read = read_json_request(R"({"action":"x","requestId":)" + id + "}");
        ASSERT_TRUE(read);
        const auto reply = json_reply(*read, json_ok());
        const auto again = read_json_request(reply.substr(0, reply.find(",\"payload\"")) + "}");
        ASSERT_TRUE(again) << reply;
        EXPECT_EQ(again->id, read->id);
    }
    const auto without = read_json_request(R"({"action":"x"})");
    EXPECT_EQ(json_reply(*without, json_ok()), R"({"action":"x","status":200,"payload":{"ok":{}}})");
}

TEST(JsonMessage, what_is_no_request_is_refused) {
    for (const auto* text : {"", "[]", "{}", R"({"action":1})", R"({"action":"x","payload":[]})",
                             R"({"action":"x","requestId":[]})", R"({"action":"x","payload":{"a":{}}})",
                             R"({"action":"x","payload":{"a":[{}]}})", "{\"action\":\"\xff\"}"}) {
        const auto read = read_json_request(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, "bad_json");
    }
}

TEST(JsonMessage, an_error_says_its_status_and_why) {
    EXPECT_EQ(json_error(request("call/hold", "{}"), {"wrong_state", "It \"is\" held."}),
              R"({"action":"call/hold","requestId":7,"status":409,"payload":)"
              R"({"error":{"reason":"wrong_state","text":"It \"is\" held."}}})");
    EXPECT_EQ(json_status("no_such_leg"), 404);
    EXPECT_EQ(json_status("no_such_number"), 403);
    EXPECT_EQ(json_status("something else"), 403);
}

TEST(JsonMessage, a_call_names_both_sides) {
    auto facts = std::make_shared<call::LegFacts>();
    facts->number = "101";
    facts->display_name = "Анна";
    facts->remote_number = "201";
    facts->operator_id = "101";
    facts->direction = call::Direction::in;
    facts->started = Time{Seconds{1'700'000'000}};
    call::LegView leg;
    leg.id = LegId{255};
    leg.call = CallRef{12};
    leg.state = call::LegState::held;
    leg.facts = facts;
    Conversation told{leg};
    told.released = Time{Seconds{1'700'000'060}};
    told.conference = true;
    const auto text =
        json_notice({&told, 1}, {99, 0}, [](const auto& of) { return "Queue of " + of.operator_id; });
    for (const auto* part : {R"("action":"call/notify")", R"("offset":"99")", R"("id":"00000000000000ff")",
                             R"("numberA":"201")", R"("numberB":"101")", R"("displayNameB":"Анна")",
                             R"("status":"hold")", R"("startTime":"2023-11-14T22:13:20Z")",
                             R"("answerTime":"")", R"("releaseTime":"2023-11-14T22:14:20Z")",
                             R"("conferenceId":"00000000000000ff")", R"("queueDescription":"Queue of 101")"})
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
}

TEST(JsonVerbs, need_what_they_need) {
    const std::string call = R"("callId":"00000000000000ff")";
    for (const auto* action : {"call/accept", "call/reject", "call/complete", "call/release", "call/hold",
                               "call/retrieve", "call/unhold"}) {
        EXPECT_EQ(code_of(action, "{" + call + "}"), "") << action;
        EXPECT_EQ(code_of(action, "{}"), "invalid_request") << action;
        EXPECT_EQ(code_of(action, R"({"callId":"nonsense"})"), "no_such_leg") << action;
    }
    EXPECT_EQ(code_of("call/transfer", "{" + call + R"(,"number":"202"})"), "");
    EXPECT_EQ(code_of("call/transfer", "{" + call + R"(,"destinationCallId":"0000000000000001"})"), "");
    EXPECT_EQ(code_of("call/transfer", "{" + call + "}"), "invalid_request");
    EXPECT_EQ(code_of("call/transfer", "{" + call + R"(,"number":"202","destinationCallId":"1"})"),
              "invalid_request");
    EXPECT_EQ(code_of("call/consult", "{" + call + R"(,"number":"202"})"), "");
    EXPECT_EQ(code_of("call/consult", "{" + call + R"(,"number":"202","mode":"shout"})"), "invalid_request");
    EXPECT_EQ(code_of("call/makeCall", R"({"number":"202"})"), "");
    EXPECT_EQ(code_of("call/makeCall", R"({"operatorId":"102"})"), "");
    EXPECT_EQ(code_of("call/makeCall", "{}"), "invalid_request");
    EXPECT_EQ(code_of("call/dance", "{}"), "unknown");
}

TEST(JsonVerbs, act_for_whom_the_payload_names) {
    const auto hold = find_json_verb("call/hold")
                          ->read(request("call/hold", R"({"callId":"00000000000000ff","operatorId":"102"})"));
    ASSERT_TRUE(hold);
    EXPECT_EQ(hold->operator_id, "102");
    EXPECT_EQ(std::get<call::Hold>(hold->action).leg, LegId{255});
    const auto made =
        find_json_verb("call/makeCall")->read(request("call/makeCall", R"({"operatorId":"102"})"));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->operator_id, "");
    EXPECT_EQ(std::get<call::Originate>(made->action).to_operator, "102");
}

}  // namespace
}  // namespace patchbay::ecss
