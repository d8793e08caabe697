// The call commands, over both transports: what reaches the switch and what the client reads.
#include <fmt/format.h>

#include "ecss/schemas.hpp"
#include "ecss/xml.hpp"
#include "fakes.hpp"

namespace patchbay::ecss {
namespace {

class Commands : public Desk {
  protected:
    http::Response as_101(const std::string& command, const std::string& body) {
        return post(command, body, basic("101", "secret101"));
    }
    static std::string in(const std::string& content) {
        return "<in><request>" + content + "</request></in>";
    }
    static std::string ok(const std::string& command) {
        return fmt::format(
            "<out xmlns:xs=\"http://www.w3.org/2001/XMLSchema-instance\" "
            "xs:noNamespaceSchemaLocation=\"{}.xsd\"><response><ok/></response></out>",
            command);
    }
    static std::string error(const std::string& command, const std::string& reason, const std::string& body) {
        return fmt::format(
            "<out xmlns:xs=\"http://www.w3.org/2001/XMLSchema-instance\" "
            "xs:noNamespaceSchemaLocation=\"{}.xsd\"><error cmd=\"{}\" reason=\"{}\" body=\"{}\"/></out>",
            command, command, reason, body);
    }
};

TEST_F(Commands, HoldReachesTheSwitchWithTheOperatorsScope) {
    const auto answer = as_101("call_hold", in(R"(<call_hold conversation_id="0647e2cf80d0cc01"/>)"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.content_type, "application/xml; charset=utf-8");
    EXPECT_EQ(answer.body, ok("call_hold"));
    EXPECT_EQ(gateway.only<call::Hold>().leg, LegId{a_leg});
    EXPECT_FALSE(gateway.only<call::Hold>().repeat_is_done);
    EXPECT_EQ(gateway.commands[0].scope.domain, "demo.local");
    EXPECT_EQ(gateway.commands[0].scope.operator_id, "101");
    EXPECT_EQ(gateway.commands[0].scope.number, "");
    EXPECT_EQ(gateway.commands[0].dialect, "ecss");
}

TEST_F(Commands, UnholdReachesTheSwitch) {
    EXPECT_EQ(as_101("call_unhold", in(R"(<call_unhold conversation_id="0647e2cf80d0cc01"/>)")).body,
              ok("call_unhold"));
    EXPECT_EQ(gateway.only<call::Retrieve>().leg, LegId{a_leg});
}

TEST_F(Commands, TransferToANumberTakesEitherNameOfTheConversation) {
    for (const auto* name : {"conversation_id", "original_conversation_id"}) {
        gateway.commands.clear();
        const auto answer =
            as_101("call_unattended_transfer",
                   in(fmt::format(
                       R"(<call_unattended_transfer {}="0647e2cf80d0cc01" to_number="104" workitem_id="w"/>)",
                       name)));
        EXPECT_EQ(answer.body, ok("call_unattended_transfer"));
        EXPECT_EQ(gateway.only<call::Transfer>().leg, LegId{a_leg});
        EXPECT_EQ(gateway.only<call::Transfer>().to, "104");
    }
}

TEST_F(Commands, TransferToAConversationJoins) {
    as_101("call_unattended_transfer",
           in(R"(<call_unattended_transfer original_conversation_id="0647e2cf80d0cc01" to_number=""
                 destination_conversation_id="0647e2cf80d0cc02"/>)"));
    EXPECT_EQ(gateway.only<call::Join>().leg, LegId{a_leg});
    EXPECT_EQ(gateway.only<call::Join>().with, LegId{a_leg + 1});
}

TEST_F(Commands, TransferNeedsExactlyOneDestinationAndOneConversation) {
    const auto text = [&](const std::string& attributes) {
        const auto answer =
            as_101("call_unattended_transfer", in("<call_unattended_transfer " + attributes + "/>"));
        EXPECT_EQ(answer.status, 400) << attributes;
        EXPECT_NE(answer.body.find(R"(reason="invalid_request")"), std::string::npos);
        return answer.body;
    };
    const std::string one =
        "Exactly one of the attributes 'to_number' and 'destination_conversation_id' is required.";
    EXPECT_NE(text(R"(conversation_id="1")").find(one), std::string::npos);
    EXPECT_NE(text(R"(conversation_id="1" to_number="104" destination_conversation_id="2")").find(one),
              std::string::npos);
    EXPECT_NE(text(R"(to_number="104")").find("'original_conversation_id' is required but missing"),
              std::string::npos);
    EXPECT_NE(text(R"(conversation_id="1" original_conversation_id="2" to_number="104")")
                  .find("different conversations"),
              std::string::npos);
    EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(Commands, ConsultHasTwoModesAndConsultsWithoutOne) {
    const auto mode = [&](const std::string& attribute) {
        gateway.commands.clear();
        EXPECT_EQ(
            as_101("call_consult",
                   in(fmt::format(R"(<call_consult conversation_id="0647e2cf80d0cc01" to_number="103" {}/>)",
                                  attribute)))
                .body,
            ok("call_consult"));
        EXPECT_EQ(gateway.only<call::Supervise>().to, "103");
        return gateway.only<call::Supervise>().mode;
    };
    EXPECT_EQ(mode(""), call::SuperviseMode::consult);
    EXPECT_EQ(mode(R"(mode="consult")"), call::SuperviseMode::consult);
    EXPECT_EQ(mode(R"(mode="conference")"), call::SuperviseMode::conference);
    const auto wrong =
        as_101("call_consult",
               in(R"(<call_consult conversation_id="0647e2cf80d0cc01" to_number="103" mode="barge"/>)"));
    EXPECT_EQ(wrong.status, 400);
    EXPECT_NE(wrong.body.find("attribute 'mode'"), std::string::npos);
}

TEST_F(Commands, RefusalOfTheSwitchIsTheDocumentedError) {
    gateway.result = Error{std::string(call::refusal::wrong_state), "The conversation is on hold already."};
    const auto answer = as_101("call_hold", in(R"(<call_hold conversation_id="0647e2cf80d0cc01"/>)"));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.body, error("call_hold", "cannot_perform_cmd", "The conversation is on hold already."));
}

TEST_F(Commands, IdOfNoFormIsAnUnknownConversation) {
    const auto answer = as_101("call_hold", in(R"(<call_hold conversation_id="613295627"/>)"));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.body, error("call_hold", "cannot_perform_cmd", "There is no conversation '613295627'."));
    EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(Commands, AnswerElementIsNoRequest) {
    const auto answer = as_101("call_hold", "<out><response><ok/></response></out>");
    EXPECT_EQ(answer.status, 400);
    EXPECT_NE(answer.body.find("A request is &lt;in&gt;&lt;request&gt;."), std::string::npos) << answer.body;
}

TEST_F(Commands, ActingForAnotherOperatorNeedsASupervisorOfItsGroup) {
    const auto hold = [&](const std::string& who, const std::string& whom) {
        gateway.commands.clear();
        return post(
            "call_hold",
            in(fmt::format(R"(<call_hold operator_id="{}" conversation_id="0647e2cf80d0cc01"/>)", whom)),
            basic(who, "secret" + who));
    };
    EXPECT_EQ(hold("100", "101").status, 200);
    EXPECT_EQ(gateway.commands.at(0).scope.operator_id, "101");
    EXPECT_EQ(hold("101", "101").status, 200);
    for (const auto& [who, whom] : {std::pair{"102", "101"}, {"100", "201"}, {"100", "999"}}) {
        const auto answer = hold(who, whom);
        EXPECT_EQ(answer.status, 403);
        EXPECT_EQ(
            answer.body,
            error("call_hold", "cannot_perform_cmd",
                  fmt::format("Only a supervisor of the group of operator '{}' may act for that operator.",
                              whom)));
        EXPECT_TRUE(gateway.commands.empty());
    }
}

TEST_F(Commands, ConversationsListsWhatTheSwitchHas) {
    call::LegView leg;
    leg.id = LegId{a_leg};
    leg.call = CallRef{613295627};
    leg.facts = facts("101");
    leg.state = call::LegState::held;
    leg.answered = *parse_date_time("2020/12/10 14:20:07", '/');
    gateway.result = call::Outcome{{leg}, 0};
    const auto answer = as_101("conversations", "<in><request/></in>");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body,
              "<out xmlns:xs=\"http://www.w3.org/2001/XMLSchema-instance\" "
              "xs:noNamespaceSchemaLocation=\"conversations.xsd\"><response><conversations>"
              "<conversation id=\"0647e2cf80d0cc01\" call_ref=\"613295627\" direction=\"in\" digits=\"101\" "
              "remote_digits=\"+79130000001\" display_name=\"Anna\" remote_display_name=\"Customer\" "
              "state=\"hold\" "
              "start_time=\"2020/12/10 14:20:00\" answer_time=\"2020/12/10 14:20:07\" queue_id=\"\" "
              "workitem_id=\"\"/>"
              "</conversations></response></out>");
    gateway.only<call::List>();
    EXPECT_EQ(gateway.commands[0].scope.operator_id, "101");
    EXPECT_TRUE(node_from_xml(Schemas(schema_folder()), "conversations", answer.body));
}

TEST_F(Commands, EveryStateHasItsWord) {
    const std::pair<call::LegState, std::string> words[] = {
        {call::LegState::initiating, "initiating"}, {call::LegState::alerting, "alerting"},
        {call::LegState::connected, "working"},     {call::LegState::held, "hold"},
        {call::LegState::ended, "released"},
    };
    for (const auto& [state, word] : words) {
        call::LegView leg;
        leg.facts = facts("101");
        leg.state = state;
        gateway.result = call::Outcome{{leg}, 0};
        EXPECT_NE(as_101("conversations", "<in><request/></in>").body.find("state=\"" + word + "\""),
                  std::string::npos);
    }
}

TEST_F(Commands, EveryAnswerFitsItsSchema) {
    const Schemas schemas(schema_folder());
    const std::pair<std::string, std::string> requests[] = {
        {"call_hold", R"(<call_hold conversation_id="0647e2cf80d0cc01"/>)"},
        {"call_unhold", R"(<call_unhold conversation_id="0647e2cf80d0cc01"/>)"},
        {"call_unattended_transfer",
         R"(<call_unattended_transfer conversation_id="0647e2cf80d0cc01" to_number="1"/>)"},
        {"call_consult", R"(<call_consult conversation_id="0647e2cf80d0cc01" to_number="1"/>)"},
        {"conversations", ""},
        {"operator_call_history", R"(<filters limit="5"/>)"},
        {"login", R"(<login login="101" password="secret101"/>)"},
        {"logout", ""},
    };
    for (const bool refused : {false, true}) {
        if (refused) {
            gateway.result = Error{"wrong_state", "no"};
            history.page = Error{"overloaded", "no"};
        }
        for (const auto& [command, content] : requests) {
            const auto answer = as_101(command, in(content));
            const auto node = node_from_xml(schemas, command, answer.body);
            EXPECT_TRUE(node) << command << ": " << (node ? "" : node.error().text);
            EXPECT_EQ(answer.status, refused && command.find("log") != 0 ? 403 : 200) << command;
        }
    }
    const auto invalid = as_101("call_hold", "<in/>");
    EXPECT_TRUE(node_from_xml(schemas, "call_hold", invalid.body)) << invalid.body;
    const auto unknown = as_101("make_coffee", "<in/>");
    EXPECT_TRUE(node_from_xml(schemas, "error_answer", unknown.body)) << unknown.body;
}

TEST_F(Commands, UnknownCommandAndDomainAreNotFound) {
    const auto command = as_101("make_coffee", "<in/>");
    EXPECT_EQ(command.status, 404);
    EXPECT_NE(
        command.body.find(
            R"(<error cmd="make_coffee" reason="unknown_command" body="There is no command 'make_coffee'."/>)"),
        std::string::npos);
    const auto domain = post("call_hold", "<in/>", basic("101", "secret101"), "nowhere.local");
    EXPECT_EQ(domain.status, 404);
    EXPECT_NE(domain.body.find(R"(reason="unknown_domain")"), std::string::npos);
}

TEST_F(Commands, DomainsCompareWithoutCase) {
    EXPECT_EQ(post("logout", "<in><request/></in>", basic("101", "secret101"), "Demo.LOCAL").status, 200);
}

TEST_F(Commands, OtherMediaTypesAndHugeBodiesAreRefused) {
    auto headers = basic("101", "secret101");
    headers.emplace_back("Content-Type", "application/json");
    EXPECT_EQ(post("call_hold", "{}", headers).status, 415);
    headers.back().second = "text/xml; charset=utf-8";
    EXPECT_EQ(post("logout", "<in><request/></in>", headers).status, 200);
    EXPECT_EQ(as_101("call_hold", std::string(64 * 1024 + 1, ' ')).status, 413);
}

}  // namespace
}  // namespace patchbay::ecss
