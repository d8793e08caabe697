#include "fixture.hpp"

namespace patchbay::ringme {
namespace {

class CallsTest : public RingmeTest {
  protected:
    void SetUp() override {
        RingmeTest::SetUp();
        log_in();
        gateway.answer = call::Outcome{{sample_leg()}, 0};
    }
    int status_for(std::string_view code) {
        gateway.answer = Error{std::string(code), "because"};
        return put(R"({"action":"hold"})").status;
    }
};

TEST_F(CallsTest, lists_the_calls_of_an_extension_field_by_field) {
    const auto body = json(ask("GET", "/api/ver1.0/extension/101/current_calls/"));
    ASSERT_EQ(body.at("call_list").as_array().size(), 1U);
    const auto expected = boost::json::parse(R"({
        "call_api_id": ")" + call_api_id(sample_leg().id) +
                                             R"(",
        "other_call_api_id": ")" + call_api_id(LegId{77}) +
                                             R"(",
        "record_uuid": null, "call_flow": "in", "called_number": "101", "called_did": "+73832001010",
        "init_time_gmt": "2026-11-20 10:00:05", "answer_time_gmt": "2026-11-20 10:00:12",
        "caller_id_number": "+73832001020", "caller_id_name": "Customer", "caller_extension": null,
        "called_extension": {"name": "1000*101", "id": 101, "client_id": 2, "type": "phone",
                             "extension_group_id": null},
        "real_call": true, "extension_id": 101, "callback_id": null, "call_id": "4711",
        "subcall_id": "0123456789abcdef"})");
    EXPECT_EQ(body.at("call_list").as_array()[0], expected);
    EXPECT_EQ(gateway.commands.back().scope.domain, "demo.local");
    EXPECT_EQ(gateway.commands.back().scope.number, "101");
    EXPECT_EQ(gateway.commands.back().dialect, "ringme");
}

TEST_F(CallsTest, an_outgoing_unanswered_call_between_extensions) {
    auto leg = sample_leg();
    auto facts = *leg.facts;
    facts.direction = call::Direction::out;
    facts.called_number = facts.remote_number = "102";
    facts.called_did.clear();
    leg.facts = std::make_shared<call::LegFacts>(facts);
    leg.answered = {};
    leg.other = {};
    gateway.answer = call::Outcome{{leg}, 0};
    const auto call = json(ask("GET", call_path()));
    EXPECT_EQ(call.at("call_flow"), "out");
    EXPECT_EQ(call.at("caller_id_number"), "101");
    EXPECT_EQ(call.at("caller_id_name"), "Анна");
    EXPECT_EQ(call.at("caller_extension").at("id"), 101);
    EXPECT_EQ(call.at("called_extension").at("name"), "1000*102");
    for (const auto* absent : {"answer_time_gmt", "called_did", "other_call_api_id"}) {
        EXPECT_TRUE(call.at(absent).is_null()) << absent;
    }
}

TEST_F(CallsTest, a_parked_customer_is_listed_at_the_parker_as_no_real_call) {
    auto leg = sample_leg();
    auto facts = *leg.facts;
    facts.number = facts.remote_number;
    facts.trunk = "provider";
    facts.direction = call::Direction::out;
    facts.remote_number = "101";
    leg.facts = std::make_shared<call::LegFacts>(facts);
    leg.state = call::LegState::parked;
    leg.park_slot = 701;
    gateway.answer = call::Outcome{{leg}, 0};
    const auto call = json(ask("GET", call_path()));
    EXPECT_EQ(call.at("real_call"), false);
    EXPECT_EQ(call.at("call_flow"), "in");
    EXPECT_EQ(call.at("extension_id"), 101);
    EXPECT_EQ(call.at("park_slot"), 701);
}

TEST_F(CallsTest, the_clients_list_holds_every_phone_and_no_outside_party) {
    auto outside = sample_leg();
    auto facts = *outside.facts;
    facts.trunk = "provider";
    outside.facts = std::make_shared<call::LegFacts>(facts);
    gateway.answer = call::Outcome{{sample_leg(), outside}, 0};
    for (const auto* path : {"/client/@me/current_calls/", "/client/%40me/current_calls",
                             "/api/ver1.0/client/2/current_calls/"}) {
        const auto body = json(ask("GET", path));
        ASSERT_EQ(body.at("call_list").as_array().size(), 1U) << path;
        EXPECT_EQ(body.at("call_list").at(0).at("extension_id"), 101);
        EXPECT_EQ(gateway.commands.back().scope.number, "");
    }
    EXPECT_EQ(ask("GET", "/client/1/current_calls/").status, 404) << "another domain's";
}

TEST_F(CallsTest, every_action_becomes_its_command) {
    const auto leg = sample_leg().id;
    put(R"({"action":"hold"})");
    EXPECT_EQ(gateway.last<call::Hold>().leg, leg);
    EXPECT_TRUE(gateway.last<call::Hold>().repeat_is_done);
    put(R"({"action":"offhold"})");
    EXPECT_TRUE(gateway.last<call::Retrieve>().repeat_is_done);
    put(R"({"action":"transfer","send_dst":"102"})");
    EXPECT_EQ(gateway.last<call::Transfer>().to, "102");
    put(R"({"action":"transfer"})");
    EXPECT_EQ(gateway.last<call::Transfer>().to, "") << "completes an attended one";
    put(R"({"action":"attended_transfer","send_dst":"1000*102"})");
    EXPECT_EQ(gateway.last<call::AttendedTransfer>().to, "102");
    put(R"({"action":"eavesdrop","send_dst":"102"})");
    EXPECT_EQ(gateway.last<call::Supervise>().mode, call::SuperviseMode::observe);
    put(R"({"action":"whisper","send_dst":"102"})");
    EXPECT_EQ(gateway.last<call::Supervise>().mode, call::SuperviseMode::consult);
    put(R"({"action":"conference","send_dst":"102"})");
    EXPECT_EQ(gateway.last<call::Supervise>().mode, call::SuperviseMode::conference);
    put(R"({"action":"park"})");
    EXPECT_EQ(gateway.last<call::Park>().leg, leg);
    const auto answer = put(R"({"action":"pickup","send_dst":"102","more":[1]})");
    EXPECT_EQ(gateway.last<call::Pickup>().to, "102");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(json(answer).at("call_api_id"), boost::json::value(call_api_id(leg)));
}

TEST_F(CallsTest, park_answers_with_its_slot) {
    gateway.answer = call::Outcome{{sample_leg()}, 705};
    EXPECT_EQ(json(put(R"({"action":"park"})")).at("park_slot"), 705);
}

TEST_F(CallsTest, delete_hangs_up_and_answers_nothing) {
    const auto answer = ask("DELETE", call_path());
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(gateway.last<call::Clear>().leg, sample_leg().id);
}

TEST_F(CallsTest, bad_bodies_are_told_what_is_wrong) {
    const auto before = gateway.commands.size();
    for (const auto* body :
         {"{", "", "[]", "{}", R"({"action":1})", R"({"action":"dance"})", R"({"action":"pickup"})",
          R"({"action":"whisper","send_dst":null})", R"({"action":"transfer","send_dst":102})",
          R"({"action":"transfer","send_dst":"1 2"})", R"({"action":"transfer","send_dst":"sip:x@y"})",
          "\xff"}) {
        const auto answer = put(body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_FALSE(json(answer).at("message").as_string().empty()) << body;
    }
    EXPECT_EQ(ask("PUT", call_path(), "<x/>", "Content-Type: text/xml\r\n").status, 415);
    EXPECT_EQ(gateway.commands.size(), before);
}

TEST_F(CallsTest, unknown_extensions_and_ids_are_not_found) {
    const auto id = call_api_id(sample_leg().id);
    for (const auto& path :
         {"/extension/201/current_calls/" + id, "/extension/x/current_calls/" + id,
          "/extension/4294967397/current_calls/" + id, "/extension/101/current_calls/" + id.substr(1),
          "/extension/101/current_calls/" + std::string(16, '0') + id.substr(16),
          "/extension/101/current_calls/" + std::string(32, 'g')}) {
        const auto answer = ask("GET", path);
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_EQ(json(answer).at("message"), "Not found");
    }
    EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(CallsTest, refusals_of_the_switch_have_their_status) {
    namespace refusal = call::refusal;
    EXPECT_EQ(status_for(refusal::no_such_leg), 404);
    EXPECT_EQ(status_for(refusal::no_such_number), 400);
    EXPECT_EQ(status_for(refusal::invalid), 400);
    EXPECT_EQ(status_for(refusal::wrong_state), 409);
    EXPECT_EQ(status_for(refusal::in_progress), 409);
    EXPECT_EQ(status_for(refusal::no_slot), 409);
    EXPECT_EQ(status_for(refusal::no_media), 503);
    EXPECT_EQ(status_for(refusal::overloaded), 503);
}

TEST_F(CallsTest, supervising_needs_the_permission) {
    log_in("grant_type=password&username=101%40demo.local&password=demo101");
    EXPECT_EQ(put(R"({"action":"eavesdrop","send_dst":"102"})").status, 403);
    EXPECT_EQ(put(R"({"action":"pickup","send_dst":"102"})").status, 200);
    log_in("grant_type=client_credentials&client_id=small&client_secret=small-secret");
    EXPECT_EQ(put(R"({"action":"conference","send_dst":"102"})").status, 403);
    log_in("grant_type=password&username=chief%40demo.local&password=pass-chief");
    EXPECT_EQ(put(R"({"action":"whisper","send_dst":"102"})").status, 200);
}

TEST_F(CallsTest, the_same_idempotency_key_does_a_thing_once) {
    const std::string key = "Idempotency-Key: k1\r\n";
    const auto first = put(R"({"action":"park"})", key);
    const auto done = gateway.commands.size();
    gateway.answer = Error{"wrong_state", "parked already"};
    const auto again = put(R"({"action":"park"})", key);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(gateway.commands.size(), done);
    EXPECT_EQ(put(R"({"action":"hold"})", key).status, 422);
    EXPECT_EQ(put(R"({"action":"park"})", "Idempotency-Key: k2\r\n").status, 409);
    now.store(now.load() + std::chrono::minutes{10});
    EXPECT_EQ(put(R"({"action":"park"})", key).status, 409) << "forgotten by now";
}

TEST_F(CallsTest, a_repeat_that_overtakes_the_answer_waits_for_it) {
    gateway.hold_back = true;
    const auto request = [&] {
        const std::string body = R"({"action":"park"})";
        return "PUT " + call_path() + " HTTP/1.1\r\nHost: h\r\nIdempotency-Key: k\r\nAuthorization: Bearer " +
               token + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }();
    testing::HttpClient second(server->port());
    client->send(request);
    second.send(request);
    second.send("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n");
    for (std::size_t seen = 0; seen == 0;) {
        const std::scoped_lock lock(gateway.mutex);
        seen = gateway.held.size();
    }
    gateway.held.front()(call::Outcome{{sample_leg()}, 701});
    EXPECT_EQ(json(*client->answer()).at("park_slot"), 701);
    EXPECT_EQ(json(*second.answer()).at("park_slot"), 701);
    EXPECT_EQ(gateway.commands.size(), 1U);
}

TEST_F(CallsTest, what_failed_for_our_own_reasons_may_be_tried_again) {
    gateway.answer = Error{"overloaded", "too much waits"};
    EXPECT_EQ(put(R"({"action":"park"})", "Idempotency-Key: k\r\n").status, 503);
    gateway.answer = call::Outcome{{sample_leg()}, 701};
    EXPECT_EQ(put(R"({"action":"park"})", "Idempotency-Key: k\r\n").status, 200);
}

TEST_F(CallsTest, names_that_are_no_utf8_do_not_break_the_answer) {
    auto leg = sample_leg();
    auto facts = *leg.facts;
    facts.remote_display_name = "caf\xE9";
    leg.facts = std::make_shared<call::LegFacts>(facts);
    gateway.answer = call::Outcome{{leg}, 0};
    EXPECT_EQ(json(ask("GET", call_path())).at("caller_id_name"), "caf?");
}

TEST(CallApiId, is_32_digits_that_lead_back_to_the_leg) {
    for (const std::uint64_t value : {1ULL, 0x0123456789abcdefULL, ~0ULL}) {
        const auto text = call_api_id(LegId{value});
        EXPECT_EQ(text.size(), 32U);
        EXPECT_EQ(parse_call_api_id(text), LegId{value});
    }
    EXPECT_NE(call_api_id(LegId{1}).substr(0, 16), call_api_id(LegId{2}).substr(0, 16));
    EXPECT_FALSE(parse_call_api_id(call_api_id(LegId{})));
    auto upper = call_api_id(LegId{0xabcdefU});
    for (auto& c : upper) c = static_cast<char>(std::toupper(c));
    EXPECT_FALSE(parse_call_api_id(upper));
}

}  // namespace
}  // namespace patchbay::ringme
