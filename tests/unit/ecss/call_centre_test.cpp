// The commands of an operator's desk: what reaches the switch and the desk, who may, and how it is answered.
#include <fmt/format.h>

#include "ecss/answers.hpp"
#include "ecss/frame.hpp"
#include "ecss/json.hpp"
#include "ecss/schemas.hpp"
#include "ecss/xml.hpp"
#include "fakes.hpp"

namespace patchbay::ecss {
namespace {

constexpr auto a_conversation = R"(conversation_id="0647e2cf80d0cc01")";

class CallCentre : public Desk {
  protected:
    void SetUp() override {
        with_desk = true;
        router = make_router();
    }
    // Every answer is held against its command's schema.
    http::Response as(const std::string& who, const std::string& command, const std::string& request) {
        static const Schemas schemas(schema_folder());
        auto answer = post(command, "<in>" + request + "</in>", basic(who, "secret" + who));
        const auto fits = node_from_xml(schemas, command, answer.body);
        EXPECT_TRUE(fits) << (fits ? "" : fits.error().text) << answer.body;
        return answer;
    }
    http::Response as_101(const std::string& command, const std::string& attributes) {
        return as("101", command, fmt::format("<request><{} {}/></request>", command, attributes));
    }
    http::Response as_supervisor(const std::string& command, const std::string& attributes) {
        return as("100", command, fmt::format("<request><{} {}/></request>", command, attributes));
    }
    call::LegView leg(LegId id, CallRef call = CallRef{700}) {
        call::LegView view;
        view.id = id;
        view.call = call;
        view.facts = facts("101");
        return view;
    }
    static bool is_refused(const http::Response& answer, int status = 403) {
        return answer.status == status && answer.body.find("cannot_perform_cmd") != std::string::npos;
    }
};

TEST_F(CallCentre, CallsAreAcceptedRejectedAndReleased) {
    EXPECT_EQ(as_101("call_accept", a_conversation).status, 200);
    EXPECT_EQ(gateway.only<call::Answer>().leg, LegId{a_leg});
    gateway.commands.clear();
    EXPECT_EQ(as_101("call_reject", a_conversation).status, 200);
    EXPECT_EQ(gateway.only<call::Refuse>().leg, LegId{a_leg});
    gateway.commands.clear();
    EXPECT_EQ(as_101("call_release", a_conversation).status, 200);
    EXPECT_EQ(gateway.only<call::Clear>().leg, LegId{a_leg});
}

TEST_F(CallCentre, AnAttendedTransferIsBegunCompletedOrJoins) {
    as_101("call_attended_transfer", std::string(a_conversation) + R"( to_number="104")");
    EXPECT_EQ(gateway.only<call::AttendedTransfer>().to, "104");
    gateway.commands.clear();
    as_101("call_attended_transfer", a_conversation);
    EXPECT_EQ(gateway.only<call::Transfer>().to, "");
    gateway.commands.clear();
    as_101("call_attended_transfer",
           std::string(a_conversation) + R"( destination_conversation_id="0647e2cf80d0cc02")");
    EXPECT_EQ(gateway.only<call::Join>().with, LegId{a_leg + 1});
    gateway.commands.clear();
    EXPECT_EQ(as_101("call_attended_transfer",
                     std::string(a_conversation) +
                         R"( to_number="104" destination_conversation_id="0647e2cf80d0cc02")")
                  .status,
              400);
    EXPECT_EQ(as_101("call_attended_transfer", R"(to_number="104")").status, 400);
    EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(CallCentre, CallsAreMadeFromWhereTheOperatorWorks) {
    gateway.result = call::Outcome{{leg(LegId{a_leg})}, 0};
    const auto answer = as_101("make_call", R"(to_number="+79130000001")");
    EXPECT_NE(answer.body.find(R"(<make_call conversation_id="0647e2cf80d0cc01" call_ref="700"/>)"),
              std::string::npos);
    EXPECT_EQ(gateway.only<call::Originate>().to, "+79130000001");
    EXPECT_EQ(gateway.only<call::Originate>().number, "");
    EXPECT_EQ(gateway.commands[0].scope.operator_id, "101");
    gateway.commands.clear();
    as_101("make_agent_call", R"(agent_id="102")");
    EXPECT_EQ(gateway.only<call::Originate>().to_operator, "102");
    EXPECT_EQ(as_101("make_call", R"(to_number="")").status, 400);
}

TEST_F(CallCentre, ASupervisorJoinsConversationsOfTheGroupInAnyMode) {
    const auto mode = [&](const std::string& word) {
        gateway.commands.clear();
        EXPECT_EQ(
            as_supervisor("call_supervise", fmt::format(R"({} mode="{}")", a_conversation, word)).status,
            200);
        EXPECT_EQ(gateway.only<call::Supervise>().operator_id, "100");
        EXPECT_EQ(gateway.only<call::Supervise>().to, "");
        EXPECT_EQ(gateway.commands[0].scope.group, "sales");
        EXPECT_EQ(gateway.commands[0].scope.operator_id, "");
        return gateway.only<call::Supervise>().mode;
    };
    EXPECT_EQ(mode("observing"), call::SuperviseMode::observe);
    EXPECT_EQ(mode("consult"), call::SuperviseMode::consult);
    EXPECT_EQ(mode("conference"), call::SuperviseMode::conference);
    gateway.commands.clear();
    EXPECT_TRUE(is_refused(as_101("call_supervise", std::string(a_conversation) + R"( mode="observing")")));
    EXPECT_TRUE(is_refused(as_supervisor(
        "call_supervise", std::string(a_conversation) + R"( mode="observing" operator_id="201")")));
    EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(CallCentre, ParticipantsAreAddedOneByOneInEitherForm) {
    const auto list = R"(<participant number="104"/><participant conversation_id="0647e2cf80d0cc02"/>)";
    for (const auto& form :
         {fmt::format(R"(<add_to_conference><participants conference_id="0647e2cf80d0cc01">{}</participants>)"
                      "</add_to_conference>",
                      list),
          fmt::format(R"(<add_participant conference_id="0647e2cf80d0cc01"><participants>{}</participants>)"
                      "</add_participant>",
                      list)}) {
        gateway.commands.clear();
        EXPECT_EQ(as("101", "add_participant", "<request>" + form + "</request>").status, 200);
        ASSERT_EQ(gateway.commands.size(), 2U);
        EXPECT_EQ(std::get<call::Supervise>(gateway.commands[0].action).to, "104");
        EXPECT_EQ(std::get<call::Supervise>(gateway.commands[0].action).mode,
                  call::SuperviseMode::conference);
        EXPECT_EQ(std::get<call::Merge>(gateway.commands[1].action).with, LegId{a_leg + 1});
    }
}

TEST_F(CallCentre, WhoCannotBeAddedIsSaidIn200) {
    gateway.result = Error{std::string(call::refusal::no_such_number), "There is no number 999."};
    const auto answer = as("101", "add_participant",
                           R"(<request><add_participant conference_id="0647e2cf80d0cc01">)"
                           R"(<participant number="999"/></add_participant></request>)");
    EXPECT_TRUE(is_refused(answer, 200));
    EXPECT_EQ(gateway.commands.size(), 1U);
    EXPECT_EQ(as("101", "add_participant",
                 R"(<request><add_participant><participant number="1"/></add_participant></request>)")
                  .status,
              400)
        << "to which conference?";
}

TEST_F(CallCentre, ParticipantsAreListedAndTakenOut) {
    gateway.result = call::Outcome{{leg(LegId{a_leg}), leg(LegId{a_leg + 1})}, 0};
    const auto listed = as_101("participants", R"(conference_id="0647e2cf80d0cc01")");
    EXPECT_NE(listed.body.find(R"(<participant id="0647e2cf80d0cc02" number="101")"), std::string::npos);
    gateway.commands.clear();
    as_101("remove_participant", R"(conference_id="0647e2cf80d0cc01" participant_id="0647e2cf80d0cc02")");
    EXPECT_EQ(gateway.only<call::Remove>().participant, LegId{a_leg + 1});
}

TEST_F(CallCentre, AnOperatorSaysWhatItDoes) {
    EXPECT_EQ(as_101("login_agent", R"(number="105")").status, 200);
    EXPECT_EQ(desk.commands[0].domain, "demo.local");
    const auto login = desk.only<acd::Login>();
    EXPECT_EQ(login.operator_id, "101");
    EXPECT_EQ(login.number, "105");
    as_101("auxwork", R"(reason="lunch")");
    EXPECT_EQ(desk.only<acd::Auxwork>().reason, "lunch");
    as("101", "make_available", "<request/>");
    EXPECT_EQ(desk.only<acd::MakeAvailable>().operator_id, "101");
    as_101("logout_agent", "");
    EXPECT_EQ(desk.only<acd::Logout>().operator_id, "101");
}

TEST_F(CallCentre, AnotherOperatorNeedsItsSupervisor) {
    EXPECT_TRUE(is_refused(as_101("auxwork", R"(agent_id="102")")));
    EXPECT_TRUE(is_refused(as_supervisor("auxwork", R"(agent_id="201")")));
    EXPECT_TRUE(is_refused(as_101("force_logout", R"(agent_id="101")"))) << "not even oneself";
    EXPECT_TRUE(is_refused(as_101("add_to_queue", R"(queue_id="sales")")));
    EXPECT_TRUE(is_refused(as_101("remove_conversation_from_queue", a_conversation)));
    EXPECT_TRUE(desk.commands.empty());
    as_supervisor("force_logout", R"(agent_id="101")");
    EXPECT_EQ(desk.only<acd::ForceLogout>().operator_id, "101");
    as_supervisor("add_to_queue", R"(agent_id="101" queue_id="sales")");
    EXPECT_EQ(desk.only<acd::JoinQueue>().queue, "sales");
    as_supervisor("remove_from_queue", R"(agent_id="101" queue_id="sales")");
    EXPECT_EQ(desk.only<acd::LeaveQueue>().queue, "sales");
}

TEST_F(CallCentre, BlockingAnswersRefusalsIn200) {
    EXPECT_EQ(as("100", "block_operator", R"(<request agent_id="101"/>)").status, 200);
    EXPECT_EQ(desk.only<acd::Block>().operator_id, "101");
    EXPECT_EQ(as("100", "unblock_operator", R"(<request agent_id="101"/>)").status, 200);
    EXPECT_EQ(desk.only<acd::Unblock>().operator_id, "101");
    EXPECT_TRUE(is_refused(as("101", "block_operator", R"(<request agent_id="102"/>)"), 200));
    desk.result = Error{std::string(acd::refusal::wrong_state), "Operator 101 is not blocked."};
    EXPECT_TRUE(is_refused(as("100", "unblock_operator", R"(<request agent_id="101"/>)"), 200));
    EXPECT_EQ(as("100", "block_operator", "<request/>").status, 400);
}

TEST_F(CallCentre, ListsSayWhatThereIs) {
    acd::OperatorView anna;
    anna.domain = "demo.local";
    anna.id = "101";
    anna.name = "Anna";
    anna.group = "sales";
    anna.state = acd::OperatorState::acw;
    anna.since = now;
    anna.queues = {"sales"};
    anna.today.talk = Milliseconds{61'500};
    anna.today.at_work = Milliseconds{200'000};
    acd::QueueView sales;
    sales.id = "sales";
    sales.operator_ids = {"101"};
    acd::WaitingView caller;
    caller.queue = "sales";
    caller.leg = LegId{a_leg};
    caller.call = CallRef{700};
    caller.position = 1;
    acd::GroupView group{"demo.local", "sales", 2, 1, 1, 0, {"101", "102"}};
    acd::Outcome outcome;
    outcome.operators = {anna};
    outcome.queues = {sales};
    outcome.waiting = {caller};
    outcome.groups = {group};
    outcome.queue_figures = {{"sales", now, {}}, {"sales", Time{}, {}}};
    outcome.operator_figures = {{"101", now, {}}};
    desk.result = outcome;

    EXPECT_NE(as("101", "agent_list", "<request/>")
                  .body.find(R"(<agent_list><agent agent_id="101"/></agent_list>)"),
              std::string::npos);
    EXPECT_NE(as("101", "agents_list", R"(<request group="sales"/>)").body.find(R"(state="acw")"),
              std::string::npos);
    EXPECT_EQ(std::get<acd::ListOperators>(desk.commands.back().action).group, "sales");
    EXPECT_NE(as("101", "group_list", "<request/>").body.find(R"(<group group="sales" agents="2")"),
              std::string::npos);
    const auto queues = as("101", "all_queues", R"(<request queue_id="sales"/>)");
    EXPECT_NE(queues.body.find(R"(<queue queue_id="sales")"), std::string::npos);
    EXPECT_NE(queues.body.find(R"(<caller queue_id="sales" conversation_id="0647e2cf80d0cc01")"),
              std::string::npos);
    EXPECT_NE(as("100", "queue_statistics", "<request/>")
                  .body.find(R"(<interval queue_id="sales" begin="2020/12/10 14:25:53" entered="0")"),
              std::string::npos);
    EXPECT_NE(as("100", "agent_statistics", R"(<request agent_id="101"/>)")
                  .body.find(R"(<interval agent_id="101")"),
              std::string::npos);
    EXPECT_TRUE(is_refused(as("101", "queue_statistics", "<request/>")));
}

TEST_F(CallCentre, CompletingEndsTheConversationAndItsWork) {
    EXPECT_EQ(as_101("call_complete", a_conversation).status, 200);
    EXPECT_EQ(gateway.only<call::Clear>().leg, LegId{a_leg});
    EXPECT_EQ(desk.only<acd::Complete>().operator_id, "101");
    desk.result = Error{std::string(acd::refusal::wrong_state), "Operator 101 has nothing to complete."};
    EXPECT_EQ(as_101("call_complete", a_conversation).status, 200)
        << "the conversation was ended, which is enough";
    gateway.result = Error{std::string(call::refusal::no_such_leg), "There is no leg."};
    EXPECT_TRUE(is_refused(as_101("call_complete", a_conversation)));
    EXPECT_TRUE(is_refused(as_101("call_complete", "")));
}

TEST_F(CallCentre, ConversationsGoIntoQueuesAndOut) {
    const auto to_sales = std::string(a_conversation) + R"( queue_id="sales")";
    EXPECT_EQ(as_101("move_conversation_to_queue", to_sales).status, 200);
    EXPECT_EQ(gateway.only<call::Find>().leg, LegId{a_leg}) << "is it the operator's?";
    EXPECT_EQ(desk.only<acd::MoveToQueue>().queue, "sales");
    gateway.result = Error{std::string(call::refusal::no_such_leg), "There is no leg."};
    EXPECT_TRUE(is_refused(as_101("move_conversation_to_queue", to_sales)));
    EXPECT_TRUE(desk.commands.empty());
    EXPECT_TRUE(is_refused(as_supervisor("move_conversation_to_queue", to_sales))) << "it does not wait";
    desk.commands.clear();
    acd::WaitingView caller;
    caller.leg = LegId{a_leg};
    acd::Outcome outcome;
    outcome.waiting = {caller};
    desk.result = outcome;
    EXPECT_EQ(as_supervisor("move_conversation_to_queue", to_sales).status, 200);
    EXPECT_EQ(desk.commands.size(), 2U);
    desk.commands.clear();
    as_supervisor("remove_conversation_from_queue", std::string(a_conversation) + R"( to_number="104")");
    EXPECT_EQ(desk.only<acd::RemoveFromQueue>().to, "104");
}

TEST_F(CallCentre, AGroupsCallsAreItsSupervisors) {
    const auto ask = [&](const std::string& who, const std::string& filters) {
        return as(who, "call_history", "<request><filters limit=\"1\" " + filters + "/></request>");
    };
    EXPECT_EQ(ask("100", "").status, 200);
    EXPECT_EQ(history.filters.back().group, "sales");
    EXPECT_EQ(history.filters.back().operator_id, "");
    EXPECT_TRUE(history.filters.back().shown);
    EXPECT_FALSE(history.filters.back().direction);
    ask("100", R"(direction="out")");
    EXPECT_EQ(history.filters.back().group_a, "sales");
    ask("100", R"(direction="in")");
    EXPECT_EQ(history.filters.back().group_b, "sales");
    EXPECT_TRUE(is_refused(ask("100", R"(cc_agent_group="support")")));
    EXPECT_TRUE(is_refused(ask("101", "")));
}

TEST_F(CallCentre, ALoginToATakenNumberIs401) {
    desk.result = Error{std::string(acd::refusal::number_taken), "Number 105 is occupied."};
    const auto answer = post(
        "login", R"(<in><request><login login="101" password="secret101" number="105"/></request></in>)");
    EXPECT_EQ(answer.status, 401);
    EXPECT_NE(answer.body.find(R"(reason="not_authorized" body="Requested number is occupied.")"),
              std::string::npos);
    desk.result = acd::Outcome{};
    desk.commands.clear();
    EXPECT_EQ(
        post("login", R"(<in><request><login login="101" password="secret101" number="105"/></request></in>)")
            .status,
        200);
    EXPECT_EQ(desk.only<acd::Login>().number, "105");
}

TEST_F(CallCentre, LoginSaysWhenIdleOperatorsAreLoggedOut) {
    const auto* login = R"(<in><request><login login="101" password="secret101"/></request></in>)";
    EXPECT_NE(post("login", login).body.find(R"(auto_logout_timeout="1800")"), std::string::npos);
    auto changed = std::make_shared<config::Config>(*config);
    changed->domains[0].auto_logout = Seconds{600};
    config = changed;
    EXPECT_NE(post("login", login).body.find(R"(auto_logout_timeout="600")"), std::string::npos);
}

// The lengths that the manual prints, of frames whose text it shows or describes.
TEST(PrintedLengths, AreThoseOfOurFrames) {
    const auto request = [](const std::string& command, const std::string& content) {
        return request_frame("0001", command, R"([{"_name":"in","_content":[)" + content + "]}]").size();
    };
    EXPECT_EQ(request("agent_list", R"({"_name":"request"})"), 97U);
    for (const auto* command : {"block_operator", "unblock_operator"}) {
        EXPECT_EQ(request(command, R"({"_name":"request","_attributes":{"agent_id":"102"}})"), 130U);
    }
    EXPECT_EQ(request("remove_participant",
                      R"({"_name":"request","_content":[{"_name":"remove_participant","_attributes":)"
                      R"({"conference_id":"4060321042","participant_id":"1042"}}]})"),
              210U);
    EXPECT_EQ(response_frame("0001", 200, json_from_node(ok_answer("remove_participant").out)).size(), 225U);
}

TEST_F(CallCentre, AServerWithoutADeskSaysSo) {
    with_desk = false;
    router = make_router();
    EXPECT_TRUE(is_refused(as("101", "make_available", "<request/>")));
    EXPECT_TRUE(is_refused(as("101", "all_queues", "<request/>")));
}

}  // namespace
}  // namespace patchbay::ecss
