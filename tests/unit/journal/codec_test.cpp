#include "journal/codec.hpp"

#include <gtest/gtest.h>

#include "event_makers.hpp"
#include "journal/crc.hpp"
#include "journal/record.hpp"

namespace patchbay::journal {
namespace {

using namespace call;

std::string encoded(const Event& event) {
    std::string out;
    encode(event, out);
    return out;
}

// An event of each kind, with every member set.
std::vector<Event> one_of_each() {
    auto facts = std::make_shared<LegFacts>();
    facts->domain = "demo.local";
    facts->number = "+73832001010";
    facts->display_name = "Анна \"Ann\" \\ \t\n\x01";
    facts->operator_id = "op";
    facts->group = "sales";
    facts->trunk = "provider";
    facts->direction = Direction::out;
    facts->called_number = "600";
    facts->called_did = "+7383";
    facts->remote_number = "102";
    facts->remote_display_name = "not \xff\xc0 UTF-8";
    facts->remote_operator_id = "o2";
    facts->remote_group = "g2";
    facts->queue_id = "q";
    facts->started = testing::at(5);
    const Cause cause{CauseBy::timeout, 480, 19, "no_answer"};
    std::vector<EventBody> bodies{
        LegStarted{facts, Role::observer, LegId{9}},
        LegAlerting{},
        LegConnected{},
        LegHeld{true},
        LegHeld{false},
        LegRetrieved{},
        LegParked{701},
        LegQueued{"sales"},
        LegOffered{LegId{77}},
        LegChanged{facts, Role::consultant, LegId{8}},
        LegMoved{CallRef{~0ULL}},
        LegEnded{cause},
        LegEnded{cause, std::make_shared<Quality>(
                            Quality{"PCMA", 250, 251, 3, 4, Milliseconds{5}, Milliseconds{21}, 4.37})},
        RecordingChanged{Uuid{0x0123456789abcdef, 1}, RecordingState::failed, "disk_full"},
        FaxChanged{Uuid{0x0123456789abcdef, 2}, FaxState::receiving},
        FaxChanged{Uuid{0x0123456789abcdef, 2}, FaxState::failed, 3, "call_dropped"},
        TransferStarted{"103", true},
        TransferEnded{true, cause},
        DtmfPressed{'#'},
        CallEnded{cause}};
    std::vector<Event> events;
    for (auto& body : bodies) {
        Event event;
        event.offset = events.size() + 1;
        event.sequence = 7;
        event.at = testing::at(1);
        event.call = CallRef{18'446'744'073'709'551'615ULL};
        if (!std::holds_alternative<CallEnded>(body)) {
            event.leg = LegId{0xfedcba9876543210};
            event.state = LegState::queued;
        }
        event.body = std::move(body);
        events.push_back(std::move(event));
    }
    return events;
}

TEST(Codec, every_kind_of_event_comes_back_as_it_was) {
    for (const auto& event : one_of_each()) {
        const auto line = encoded(event);
        const auto record = first_record(line);
        ASSERT_EQ(record.state, RecordState::whole) << line;
        EXPECT_EQ(record.size, line.size());
        EXPECT_EQ(peek_offset(record.json), event.offset);
        const auto back = decode(record.json);
        ASSERT_TRUE(back) << back.error().text << line;
        EXPECT_EQ(back->body.index(), event.body.index());
        EXPECT_EQ(encoded(*back), line);
    }
}

TEST(Codec, names_come_back_byte_by_byte) {
    const auto event = one_of_each().front();
    const auto line = encoded(event);
    const auto back = decode(first_record(line).json);
    ASSERT_TRUE(back);
    const auto& facts = std::get<LegStarted>(event.body).facts;
    const auto& read = std::get<LegStarted>(back->body).facts;
    EXPECT_EQ(read->display_name, facts->display_name);
    EXPECT_EQ(read->remote_display_name, facts->remote_display_name);
    EXPECT_EQ(read->started, facts->started);
}

TEST(Codec, the_format_is_the_documented_one) {
    Event event;
    event.offset = 12;
    event.sequence = 3;
    event.at = Time{Milliseconds{1'700'000'000'123}};
    event.call = CallRef{77};
    event.leg = LegId{0x1f};
    event.state = LegState::ended;
    event.body = LegEnded{causes::hung_up};
    EXPECT_EQ(encoded(event),
              "97182e6a {\"o\":12,\"n\":3,\"t\":1700000000123,\"c\":\"77\",\"l\":\"000000000000001f\","
              "\"s\":\"ended\",\"e\":\"leg_ended\",\"by\":\"remote\",\"q850\":16,\"slug\":\"hung_up\"}\n");
}

TEST(Codec, a_change_of_any_byte_is_noticed) {
    const auto line = encoded(one_of_each().front());
    for (std::size_t at = 0; at < line.size(); ++at) {
        auto spoiled = line;
        spoiled[at] = static_cast<char>(spoiled[at] ^ 0x10);
        EXPECT_NE(first_record(spoiled).state, RecordState::whole) << at;
        EXPECT_EQ(first_record(std::string_view(line).substr(0, at)).state, RecordState::partial) << at;
    }
}

TEST(Codec, members_of_later_versions_are_ignored_and_kinds_refused) {
    const std::string known =
        R"({"o":1,"n":1,"t":0,"c":"1","l":"01","s":"alerting","e":"leg_alerting","new":[1]})";
    EXPECT_TRUE(decode(known));
    const std::string unknown = R"({"o":1,"n":1,"t":0,"c":"1","l":"01","s":"alerting","e":"leg_sang"})";
    EXPECT_FALSE(decode(unknown));
}

TEST(Codec, what_is_no_event_is_an_error) {
    for (const auto* text :
         {"", "{", "[]", "null", "{}",
          R"({"o":"1","n":1,"t":0,"c":"1","e":"call_ended","by":"system","slug":"x"})",
          R"({"o":1,"n":-1,"t":0,"c":"1","e":"call_ended","by":"system","slug":"x"})",
          R"({"o":1,"n":1,"t":0,"c":"one","e":"call_ended","by":"system","slug":"x"})",
          R"({"o":1,"n":1,"t":0,"c":"1","e":"call_ended","by":"nobody","slug":"x"})",
          R"({"o":1,"n":1,"t":0,"c":"1","l":"1","s":"asleep","e":"leg_alerting"})",
          R"({"o":1,"n":1,"t":0,"c":"1","l":"1","s":"idle","e":"dtmf_pressed","digit":"12"})",
          R"({"o":1,"n":1,"t":0,"c":"1","l":"1","s":"idle","e":"leg_parked","slot":99999999999})",
          R"({"o":1,"n":1,"t":0,"c":"1","l":"1","s":"idle","e":"leg_started","facts":{"domain":"d"}})"})
        EXPECT_FALSE(decode(text)) << text;
}

TEST(Checksum, is_crc_32c) {
    EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
    EXPECT_EQ(crc32c(""), 0U);
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);  // RFC 3720, B.4
}

}  // namespace
}  // namespace patchbay::journal
