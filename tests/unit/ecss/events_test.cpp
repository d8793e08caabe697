// conversations_event: who hears of what, in which order, and how a client catches up.
#include <fmt/format.h>

#include "ecss/conversation_feed.hpp"
#include "ecss/xml.hpp"
#include "fakes.hpp"

namespace patchbay::ecss {
namespace {

struct Told {
    std::uint64_t offset = 0;
    bool snapshot = false;
    std::vector<std::string> legs;  // "id state"
    auto operator<=>(const Told&) const = default;
};

// A frame of an event, checked against its schema.
Told told(const std::string& frame) {
    static const Schemas schemas(schema_folder());
    EXPECT_EQ(frame.substr(12, 36), "9999conversations_event             ");
    const auto in = node_from_json(frame.substr(48));
    EXPECT_TRUE(in);
    if (!in) return {};
    const auto fits = check_node(schemas, "conversations_event", *in);
    EXPECT_TRUE(fits) << (fits ? "" : fits.error().text);
    const Node& event = *in->child("request")->child("conversations_event");
    Told result{
        std::stoull(std::string(event.attribute("offset"))), event.attribute("snapshot") == "true", {}};
    for (const auto& leg : event.content) {
        result.legs.push_back(fmt::format("{} {}", leg.attribute("id").substr(14), leg.attribute("state")));
    }
    return result;
}

class Events : public Desk {
  protected:
    static constexpr LegId leg{1};

    Client as(const std::string& login, const std::string& query = {}) {
        return connect(basic(login, "secret" + login), query);
    }
    static std::vector<Told> heard(Client& client) {
        std::vector<Told> all;
        for (const auto& frame : client.take()) all.push_back(told(frame));
        return all;
    }
    /// Five events of one call of that operator.
    void whole_call(LegId of, const std::string& operator_id, const std::string& group = "sales") {
        feed.publish(of, call::LegState::initiating, started(facts(operator_id, group)));
        feed.publish(of, call::LegState::alerting, call::LegAlerting{});
        feed.publish(of, call::LegState::connected, call::LegConnected{}, now);
        feed.publish(of, call::LegState::held, call::LegHeld{});
        feed.publish(of, call::LegState::ended, call::LegEnded{});
    }
};

TEST_F(Events, EveryChangeOfTheOperatorsConversationIsTold) {
    auto client = as("101");
    EXPECT_EQ(heard(client), (std::vector<Told>{{0, true, {}}}));
    whole_call(leg, "101");
    EXPECT_EQ(heard(client), (std::vector<Told>{{1, false, {"01 initiating"}},
                                                {2, false, {"01 alerting"}},
                                                {3, false, {"01 working"}},
                                                {4, false, {"01 hold"}},
                                                {5, false, {"01 released"}}}));
}

TEST_F(Events, EventHasTheWholeConversationAndTheRightLength) {
    auto client = as("101");
    client.take();
    feed.publish(LegId{a_leg}, call::LegState::initiating, started(facts("101")));
    feed.publish(LegId{a_leg}, call::LegState::connected, call::LegConnected{}, now);
    const auto frames = client.take();
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(
        frames[1].substr(48),
        R"([{"_name":"in","_content":[{"_name":"request","_content":[{"_name":"conversations_event","_attributes":{"offset":"2"},"_content":[{"_name":"conversation","_attributes":{"id":"0647e2cf80d0cc01","call_ref":"700","direction":"in","digits":"101","remote_digits":"+79130000001","display_name":"Anna","remote_display_name":"Customer","state":"working","start_time":"2020/12/10 14:20:00","answer_time":"2020/12/10 14:25:53","queue_id":"","workitem_id":""}}]}]}]}])");
    EXPECT_EQ(std::stoul(frames[1].substr(2, 10)), frames[1].size());
}

TEST_F(Events, OthersConversationsAreNotTold) {
    auto anna = as("101"), boris = as("102"), vera = as("201"), galina = as("100");
    for (auto* client : {&anna, &boris, &vera, &galina}) client->take();
    whole_call(leg, "101");
    EXPECT_EQ(anna.take().size(), 5U);
    EXPECT_EQ(boris.take().size(), 0U);
    EXPECT_EQ(vera.take().size(), 0U);
    EXPECT_EQ(galina.take().size(), 5U) << "the supervisor of the group";
    whole_call(LegId{2}, "201", "support");
    EXPECT_EQ(vera.take().size(), 5U);
    EXPECT_EQ(galina.take().size(), 0U);
}

TEST_F(Events, SameOperatorOfAnotherDomainHearsNothing) {
    auto client = as("101");
    client.take();
    auto other = std::make_shared<call::LegFacts>(*facts("101"));
    other->domain = "other.local";
    feed.publish(leg, call::LegState::initiating, started(other));
    EXPECT_TRUE(client.take().empty());
}

TEST_F(Events, SupervisorsOwnConversationIsToldOnce) {
    auto galina = as("100");
    galina.take();
    whole_call(leg, "100");
    EXPECT_EQ(galina.take().size(), 5U);
}

TEST_F(Events, TransfersAndDigitsChangeNothingThatIsShown) {
    auto client = as("101");
    feed.publish(leg, call::LegState::connected, started(facts("101")));
    client.take();
    feed.publish(leg, call::LegState::connected, call::TransferStarted{"104", false});
    feed.publish(leg, call::LegState::connected, call::DtmfPressed{'5'});
    feed.publish(leg, call::LegState::connected, call::TransferEnded{});
    feed.publish({}, call::LegState::idle, call::CallEnded{});
    EXPECT_TRUE(client.take().empty());
}

TEST_F(Events, SnapshotHasTheLiveConversationsAndThenChangesFollow) {
    whole_call(LegId{1}, "101");
    feed.publish(LegId{3}, call::LegState::connected, started(facts("101")));
    feed.publish(LegId{2}, call::LegState::held, started(facts("101")));
    feed.publish(LegId{4}, call::LegState::connected, started(facts("102")));
    auto client = as("101");
    feed.publish(LegId{2}, call::LegState::connected, call::LegRetrieved{});
    EXPECT_EQ(heard(client),
              (std::vector<Told>{{8, true, {"02 hold", "03 working"}}, {9, false, {"02 working"}}}));
}

TEST_F(Events, OffsetGivesExactlyWhatWasMissed) {
    whole_call(LegId{1}, "101");
    whole_call(LegId{2}, "102");
    auto client = as("101", "offset=2");
    EXPECT_EQ(heard(client), (std::vector<Told>{{5, false, {"01 working", "01 hold", "01 released"}}}));
    feed.publish(LegId{3}, call::LegState::initiating, started(facts("101")));
    EXPECT_EQ(heard(client), (std::vector<Told>{{11, false, {"03 initiating"}}}));
    auto late = as("101", "offset=11");
    EXPECT_TRUE(late.take().empty()) << "nothing was missed";
}

TEST_F(Events, LoginFrameTakesTheOffsetToo) {
    whole_call(LegId{1}, "101");
    auto client = connect();
    client.send(request_frame(
        "0001", "login",
        R"([{"_name":"in","_content":[{"_name":"request","_content":[{"_name":"login","_attributes":{"login":"101","password":"secret101","offset":"3"}}]}]}])"));
    const auto frames = client.take();
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(told(frames[1]), (Told{5, false, {"01 hold", "01 released"}}));
}

TEST_F(Events, OffsetThatIsNotKnownGivesASnapshot) {
    whole_call(LegId{1}, "101");
    for (const auto* query : {"offset=6", "offset=99999999", "offset=-1", "offset=x"}) {
        auto client = as("101", query);
        EXPECT_EQ(heard(client), (std::vector<Told>{{5, true, {}}})) << query;
    }
}

TEST_F(Events, ManyMissedChangesComeInFewFrames) {
    for (std::uint64_t i = 1; i <= 50; ++i) whole_call(LegId{i}, "101");
    auto client = as("101", "offset=0");
    const auto frames = heard(client);
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[0].legs.size(), 100U);
    EXPECT_EQ(frames[0].offset, 100U);
    EXPECT_EQ(frames[2].offset, 250U);
}

TEST_F(Events, OffsetsFromBeforeARestartResumeFromTheJournal) {
    whole_call(LegId{1}, "101");
    router = make_router();
    auto client = as("101", "offset=3");
    EXPECT_EQ(heard(client), (std::vector<Told>{{5, false, {"01 hold", "01 released"}}}));
    auto after_call = as("101", "offset=3.1");
    EXPECT_EQ(heard(after_call), (std::vector<Told>{{5, true, {}}}))
        << "its after-call work is not known any more";
}

TEST_F(Events, OffsetOlderThanWhatIsRememberedGivesASnapshot) {
    feed.publish(leg, call::LegState::connected, started(facts("101")));
    for (std::size_t i = 0; i < ConversationFeed::remembered; ++i) {
        feed.publish(leg, i % 2 == 0 ? call::LegState::held : call::LegState::connected,
                     call::LegRetrieved{});
    }
    auto old = as("101", "offset=0");
    const auto newest = feed.newest();
    EXPECT_EQ(heard(old), (std::vector<Told>{{newest, true, {"01 working"}}}));
    auto known = as("101", fmt::format("offset={}", newest - 1));
    EXPECT_EQ(heard(known), (std::vector<Told>{{newest, false, {"01 working"}}}));
}

TEST_F(Events, OtherPartyAndCallAreFollowed) {
    auto client = as("101");
    feed.publish(leg, call::LegState::connected, started(facts("101")));
    auto changed = std::make_shared<call::LegFacts>(*facts("101"));
    changed->remote_number = "104";
    client.take();
    feed.publish(leg, call::LegState::connected, call::LegChanged{changed, {}, {}});
    EXPECT_NE(client.take().at(0).find(R"("remote_digits":"104")"), std::string::npos);
}

TEST_F(Events, ClientThatLeftIsForgotten) {
    auto client = as("101");
    client.take();
    client.listener->on_close();
    client.listener.reset();
    whole_call(leg, "101");
    EXPECT_TRUE(client.take().empty());
}

}  // namespace
}  // namespace patchbay::ecss
