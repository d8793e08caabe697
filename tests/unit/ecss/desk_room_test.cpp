// agents_info_event and queues_event: who hears of what, and how a client catches up; after-call work as a
// state of conversations.
#include "ecss/desk_room.hpp"

#include <atomic>
#include <future>

#include <fmt/format.h>

#include "ecss/desk_feed.hpp"
#include "ecss/xml.hpp"
#include "fakes.hpp"
#include "support/wait.hpp"

namespace patchbay::ecss {
namespace {

struct Heard {
    std::uint64_t offset = 0;
    bool snapshot = false;
    std::vector<std::string> what;  // "101 busy", "sales", "caller waiting"
    auto operator<=>(const Heard&) const = default;
};

// An event's frame, checked against its schema.
Heard heard(const std::string& frame) {
    static const Schemas schemas(schema_folder());
    const std::string name(trim(frame.substr(16, 32)));
    EXPECT_EQ(frame.substr(12, 4), "9999");
    const auto in = node_from_json(frame.substr(48));
    EXPECT_TRUE(in);
    const auto fits = check_node(schemas, name, *in);
    EXPECT_TRUE(fits) << (fits ? "" : fits.error().text);
    const Node& event = *in->child("request")->child(name);
    Heard result{
        std::stoull(std::string(event.attribute("offset"))), event.attribute("snapshot") == "true", {}};
    for (const auto& node : event.content) {
        if (node.name == "agent") {
            result.what.push_back(fmt::format("{} {}", node.attribute("agent_id"), node.attribute("state")));
        } else if (node.name == "caller") {
            result.what.push_back(fmt::format("caller {}", node.attribute("state")));
        } else if (node.name == "removed") {
            result.what.push_back(
                fmt::format("no {}{}", node.attribute("queue_id"), node.attribute("agent_id")));
        } else {
            result.what.emplace_back(node.attribute("queue_id"));
        }
    }
    return result;
}

class DeskEvents : public ::testing::Test {
  protected:
    using OperatorState = acd::OperatorState;

    static acd::OperatorView agent(const std::string& id, OperatorState state,
                                   const std::string& group = "sales") {
        acd::OperatorView view;
        view.domain = "demo.local";
        view.id = id;
        view.group = group;
        view.state = state;
        return view;
    }
    static acd::QueueView queue(const std::string& id, std::vector<std::string> operators) {
        acd::QueueView view;
        view.domain = "demo.local";
        view.id = id;
        view.operator_ids = std::move(operators);
        return view;
    }
    static acd::WaitingView caller(const std::string& queue) {
        acd::WaitingView view;
        view.queue = queue;
        view.leg = LegId{7};
        view.number = "+7913";
        view.position = 1;
        return view;
    }
    void open() {
        acd::Snapshot snapshot;
        snapshot.offset = 10;
        snapshot.operators = {agent("101", OperatorState::available), agent("102", OperatorState::stopped),
                              agent("201", OperatorState::auxwork, "support")};
        snapshot.queues = {queue("sales", {"101", "102"}), queue("help", {"201"})};
        snapshot.waiting = {caller("help")};
        room.take(snapshot);
    }
    void event(acd::EventBody body) { room.take({++offset, Time{}, "demo.local", std::move(body)}); }
    void changes(const acd::OperatorView& now) { event(acd::OperatorChanged{now, {}}); }

    struct Client {
        std::uint64_t id = 0;
        std::shared_ptr<std::vector<std::string>> frames = std::make_shared<std::vector<std::string>>();
        std::vector<Heard> take() const {
            std::vector<Heard> all;
            for (const auto& frame : std::exchange(*frames, {})) all.push_back(heard(frame));
            return all;
        }
    };
    Client join(const std::string& who, const std::string& group_of_supervisor = {},
                std::uint64_t after = 0) {
        Client client;
        client.id = room.join(
            {"demo.local", who, group_of_supervisor}, std::make_shared<LoginSession>("demo.local", who),
            after, [frames = client.frames](const std::string& frame) { frames->push_back(frame); });
        return client;
    }

    FakeFeed journal;
    ConversationFeed conversations{journal};
    DeskRoom room{conversations};
    std::uint64_t offset = 10;
};

TEST_F(DeskEvents, AnOperatorHearsOfItselfAndItsQueues) {
    open();
    const auto anna = join("101");
    EXPECT_EQ(anna.take(), (std::vector<Heard>{{10, true, {"101 available"}}, {10, true, {"sales"}}}));
    changes(agent("101", OperatorState::reserved));
    changes(agent("102", OperatorState::available));
    event(acd::CallerQueued{caller("sales")});
    event(acd::CallerQueued{caller("help")});
    EXPECT_EQ(anna.take(),
              (std::vector<Heard>{{11, false, {"101 reserved"}}, {13, false, {"caller waiting"}}}));
}

TEST_F(DeskEvents, ASupervisorHearsOfTheGroupAndWhatItServes) {
    open();
    const auto galina = join("100", "sales");
    EXPECT_EQ(galina.take(),
              (std::vector<Heard>{{10, true, {"101 available", "102 stopped"}}, {10, true, {"sales"}}}));
    changes(agent("201", OperatorState::available, "support"));
    changes(agent("102", OperatorState::available));
    event(acd::CallerOffered{caller("sales"), "101", "101", LegId{8}});
    event(acd::CallerLeft{caller("sales"), acd::Leaving::answered, "101", "101", Milliseconds{5000}});
    event(acd::QueueRemoved{"demo.local", "sales"});
    EXPECT_EQ(galina.take(), (std::vector<Heard>{{12, false, {"102 available"}},
                                                 {13, false, {"caller offered"}},
                                                 {14, false, {"caller answered"}},
                                                 {15, false, {"no sales"}}}));
}

TEST_F(DeskEvents, WhoWaitsIsInTheSnapshot) {
    open();
    EXPECT_EQ(join("201").take(),
              (std::vector<Heard>{{10, true, {"201 auxwork"}}, {10, true, {"help", "caller waiting"}}}));
    event(acd::CallerLeft{caller("help"), acd::Leaving::abandoned, "", "", {}});
    EXPECT_EQ(join("201").take().at(1).what, std::vector<std::string>{"help"});
}

TEST_F(DeskEvents, ACallerWhoIsNotTakenWaitsAgain) {
    open();
    const auto boris = join("201");
    boris.take();
    auto rung = caller("help");
    rung.is_offered = true;
    event(acd::CallerOffered{rung, "201", "201", LegId{8}});
    EXPECT_EQ(join("201").take().at(1).what, (std::vector<std::string>{"help", "caller offered"}));
    event(acd::CallerWaiting{caller("help")});
    EXPECT_EQ(join("201").take().at(1).what, (std::vector<std::string>{"help", "caller waiting"}));
    EXPECT_EQ(boris.take(),
              (std::vector<Heard>{{11, false, {"caller offered"}}, {12, false, {"caller waiting"}}}));
}

TEST_F(DeskEvents, PlacesInTheSnapshotAreThoseOfTheLine) {
    open();
    const auto at = [](std::uint64_t order, const std::string& number) {
        auto view = caller("sales");
        view.order = order;
        view.leg = LegId{order};
        view.number = number;
        view.position = order;
        return view;
    };
    for (std::uint64_t order = 1; order <= 3; ++order) event(acd::CallerQueued{at(order, "+7")});
    auto before_all = at(4, "+4");
    before_all.since -= Seconds{60};
    event(acd::CallerQueued{before_all});
    event(acd::CallerOffered{at(2, "+2"), "101", "101", LegId{8}});
    event(acd::CallerLeft{at(1, "+1"), acd::Leaving::abandoned, "", "", {}});
    const auto anna = join("101");
    const auto frames = *anna.frames;
    std::vector<std::string> places;
    const auto in = node_from_json(frames.at(1).substr(48));
    for (const auto& node : in->child("request")->child("queues_event")->content) {
        if (node.name != "caller") continue;
        places.push_back(fmt::format("{} {}", node.attribute("position"), node.attribute("conversation_id")));
    }
    EXPECT_EQ(places, (std::vector<std::string>{"1 " + LegId{4}.text(), "2 " + LegId{2}.text(),
                                                "3 " + LegId{3}.text()}));
}

TEST_F(DeskEvents, WhoIsNoMoreIsNotInTheSnapshot) {
    open();
    const auto galina = join("100", "sales"), anna = join("101");
    galina.take();
    anna.take();
    event(acd::OperatorRemoved{"demo.local", "101"});
    event(acd::OperatorRemoved{"demo.local", "nobody"});
    EXPECT_EQ(galina.take(), (std::vector<Heard>{{11, false, {"no 101"}}}));
    EXPECT_EQ(anna.take(), (std::vector<Heard>{{11, false, {"no 101"}}}));
    EXPECT_EQ(join("100", "sales").take().at(0).what, std::vector<std::string>{"102 stopped"});
}

TEST_F(DeskEvents, WhoChangesTheGroupIsToldOfToBoth) {
    open();
    const auto sales = join("100", "sales"), support = join("200", "support");
    sales.take();
    support.take();
    changes(agent("102", OperatorState::stopped, "support"));
    EXPECT_EQ(sales.take(), (std::vector<Heard>{{11, false, {"102 stopped"}}}));
    EXPECT_EQ(support.take(), (std::vector<Heard>{{11, false, {"102 stopped"}}}));
    EXPECT_EQ(join("100", "sales").take().at(0).what, std::vector<std::string>{"101 available"});
}

TEST_F(DeskEvents, WhoSupervisesNoMoreHearsNothingMore) {
    open();
    auto galina = agent("100", OperatorState::stopped);
    galina.supervisor = true;
    changes(galina);
    const auto client = join("100", "sales"), anna = join("101");
    client.take();
    galina.supervisor = false;
    changes(galina);
    changes(agent("101", OperatorState::busy));
    EXPECT_EQ(client.take(), (std::vector<Heard>{{12, false, {"100 stopped"}}}));
    EXPECT_EQ(anna.take().back().what, std::vector<std::string>{"101 busy"});
}

TEST_F(DeskEvents, WhoIsNoMoreHearsNoConversationsEither) {
    open();
    const auto session = std::make_shared<LoginSession>("demo.local", "101"),
               other = std::make_shared<LoginSession>("demo.local", "102");
    const auto place = conversations.join({"demo.local", "101", ""}, session, std::nullopt, [](auto&) {});
    const auto next = conversations.join({"demo.local", "102", ""}, other, std::nullopt, [](auto&) {});
    event(acd::OperatorRemoved{"demo.local", "101"});
    EXPECT_TRUE(session->ended());
    EXPECT_FALSE(other->ended());
}

TEST_F(DeskEvents, WhoServesAQueueNoMoreHearsSo) {
    open();
    const auto anna = join("101");
    anna.take();
    event(acd::QueueChanged{queue("sales", {"102"})});
    event(acd::CallerQueued{caller("sales")});
    EXPECT_EQ(anna.take(), (std::vector<Heard>{{11, false, {"sales"}}}));
}

TEST_F(DeskEvents, AnOffsetGivesExactlyWhatWasMissed) {
    open();
    room.leave(join("101").id);
    changes(agent("101", OperatorState::reserved));
    changes(agent("102", OperatorState::available));
    changes(agent("101", OperatorState::busy));
    EXPECT_EQ(join("101", "", 11).take(), (std::vector<Heard>{{13, false, {"101 busy"}}}));
    EXPECT_TRUE(join("101", "", 13).take().empty());
    EXPECT_TRUE(join("101", "", 9).take().at(0).snapshot) << "from before the server began";
    EXPECT_TRUE(join("101", "", 99).take().at(0).snapshot) << "from nowhere";
}

TEST_F(DeskEvents, WhatNobodyWasThereToHearOfIsInTheSnapshot) {
    open();
    changes(agent("101", OperatorState::busy));
    event(acd::QueueRemoved{"demo.local", "sales"});
    EXPECT_EQ(join("101", "", 11).take(), (std::vector<Heard>{{12, true, {"101 busy"}}, {12, true, {}}}));
    EXPECT_TRUE(join("101", "", 12).take().empty());
}

TEST_F(DeskEvents, WhoComesBeforeTheDeskIsTold) {
    const auto anna = join("101");
    EXPECT_TRUE(anna.take().empty());
    open();
    EXPECT_EQ(anna.take().size(), 2U);
    room.leave(anna.id);
    changes(agent("101", OperatorState::busy));
    EXPECT_TRUE(anna.take().empty());
}

class AfterCallWork : public DeskEvents {
  protected:
    static constexpr LegId leg{5};

    void SetUp() override {
        open();
        place = conversations.join({"demo.local", "101", ""},
                                   std::make_shared<LoginSession>("demo.local", "101"), std::nullopt,
                                   [this](ConversationNews& news) { frames.push_back(news.frame()); });
        auto facts = std::make_shared<call::LegFacts>();
        facts->domain = "demo.local";
        facts->operator_id = "101";
        facts->queue_id = "sales";
        journal.publish(leg, call::LegState::connected, call::LegStarted{facts, {}, {}});
        auto busy = agent("101", OperatorState::busy);
        busy.leg = leg;
        changes(busy);
        frames.clear();
    }
    std::vector<std::string> states() {
        std::vector<std::string> all;
        for (const auto& frame : std::exchange(frames, {})) {
            const auto in = node_from_json(frame.substr(48));
            const Node& event = *in->child("request")->child("conversations_event");
            for (const auto& each : event.content) {
                all.push_back(fmt::format("{} {}", event.attribute("offset"), each.attribute("state")));
            }
        }
        return all;
    }
    void ends() { journal.publish(leg, call::LegState::ended, call::LegEnded{}); }

    std::vector<std::string> frames;
    std::unique_ptr<ConversationFeed::Place> place;
};

TEST_F(AfterCallWork, IsAStateOfTheConversationUntilItIsDone) {
    ends();
    changes(agent("101", OperatorState::acw));
    EXPECT_EQ(states(), (std::vector<std::string>{"2 released", "2.1 acw"}));
    EXPECT_EQ(conversations.unfinished("demo.local", "101")->leg.id, leg);
    changes(agent("101", OperatorState::available));
    EXPECT_EQ(states(), std::vector<std::string>{"2.2 finished"});
    EXPECT_FALSE(conversations.unfinished("demo.local", "101"));
}

TEST_F(AfterCallWork, IsToldAfterTheReleaseHoweverLateThatIsKnown) {
    changes(agent("101", OperatorState::acw));
    EXPECT_TRUE(states().empty());
    ends();
    EXPECT_EQ(states(), (std::vector<std::string>{"2 released", "2.1 acw"}));
}

TEST_F(AfterCallWork, EndsWithTheOperator) {
    ends();
    changes(agent("101", OperatorState::acw));
    event(acd::OperatorRemoved{"demo.local", "101"});
    EXPECT_EQ(states(), (std::vector<std::string>{"2 released", "2.1 acw", "2.2 finished"}));
}

TEST_F(AfterCallWork, IsMissedByNobodyWhoComesBack) {
    ends();
    changes(agent("101", OperatorState::acw));
    changes(agent("101", OperatorState::available));
    frames.clear();
    place = conversations.join({"demo.local", "101", ""}, std::make_shared<LoginSession>("demo.local", "101"),
                               Position{2, 1},
                               [this](ConversationNews& news) { frames.push_back(news.frame()); });
    EXPECT_EQ(states(), std::vector<std::string>{"2.2 finished"});
}

TEST(Positions, ReadWhatTheyWrite) {
    for (const Position at : {Position{0, 0}, Position{1042, 0}, Position{1042, 7}}) {
        EXPECT_EQ(Position::parse(at.text()), at);
    }
    for (const auto* wrong : {"", "x", "-1", "1.", "1.x", ".1", "99999999999999999999999"}) {
        EXPECT_FALSE(Position::parse(wrong)) << wrong;
    }
}

// Events one and all, of memory a bounded piece.
TEST_F(DeskEvents, ChangesAreForgottenWhenTheyTakeTooMuchMemory) {
    open();
    const auto galina = join("100", "sales");
    auto heavy = agent("101", OperatorState::auxwork);
    heavy.reason = std::string(1024 * 1024, 'x');
    for (int round = 0; round < 80; ++round) changes(heavy);
    EXPECT_EQ(join("100", "sales", 88).take().size(), 2U) << "one change missed";
    EXPECT_TRUE(join("100", "sales", 20).take().at(0).snapshot);
}

// A desk whose listeners the test tells of whatever it wants.
struct BusyDesk final : acd::Gateway {
    std::mutex mutex;
    std::shared_ptr<acd::Listener> listener() {
        const std::scoped_lock lock(mutex);
        return newest.lock();
    }
    void submit(acd::Command, acd::Reply) override {}
    void subscribe(std::string, std::uint64_t after, std::weak_ptr<acd::Listener> to) override {
        EXPECT_EQ(after, 0U);
        const std::scoped_lock lock(mutex);
        newest = std::move(to);
        ++subscriptions;
    }
    std::weak_ptr<acd::Listener> newest;
    std::atomic<int> subscriptions{0};
};

TEST_F(DeskEvents, WhatIsTooMuchToBeToldIsMadeGoodByASnapshot) {
    BusyDesk desk;
    DeskFeed feed(&desk, conversations);
    std::promise<void> begun, goes_on;
    auto may_go_on = goes_on.get_future();
    std::mutex mutex;
    std::vector<std::string> frames;
    const auto place =
        feed.join({"demo.local", "100", "sales"}, std::make_shared<LoginSession>("demo.local", "100"), 0,
                  [&](const std::string& frame) {
                      const std::scoped_lock lock(mutex);
                      frames.push_back(frame);
                      if (frames.size() != 1) return;
                      begun.set_value();
                      may_go_on.wait();
                  });
    acd::Snapshot snapshot;
    snapshot.offset = 10;
    snapshot.operators = {agent("101", OperatorState::available)};
    const auto told = desk.listener();
    told->snapshot(snapshot);
    begun.get_future().wait();
    const auto change = [&](std::uint64_t at) {
        return acd::Event{at, Time{}, "demo.local",
                          acd::OperatorChanged{agent("101", OperatorState::busy), {}}};
    };
    for (std::uint64_t n = 1; n <= DeskFeed::most_waiting + 1; ++n) told->event(change(10 + n));
    goes_on.set_value();
    ASSERT_TRUE(support::becomes_true([&] { return desk.subscriptions == 2; }));
    snapshot.offset = 20'000;
    snapshot.operators = {agent("101", OperatorState::acw)};
    desk.listener()->snapshot(snapshot);
    desk.listener()->event(change(20'001));
    ASSERT_TRUE(support::becomes_true([&] {
        const std::scoped_lock lock(mutex);
        return frames.size() == 5;
    }));
    EXPECT_EQ(heard(frames[2]), (Heard{20'000, true, {"101 acw"}}));
    EXPECT_EQ(heard(frames[4]), (Heard{20'001, false, {"101 busy"}}));
}

}  // namespace
}  // namespace patchbay::ecss
