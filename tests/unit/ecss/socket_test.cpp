// The WebSocket transport: the frames of the manual, byte for byte, and everything that can be wrong with
// one.
#include <fmt/format.h>

#include "base/metrics.hpp"
#include "fakes.hpp"

namespace patchbay::ecss {
namespace {

class Sockets : public Desk {
  protected:
    /// A client that has logged in and has its snapshot behind it.
    Client logged_in(const std::string& login = "101") {
        auto client = connect(basic(login, "secret" + login));
        client.take();
        return client;
    }
    static std::string login_frame(const std::string& id, const std::string& login,
                                   const std::string& password, const std::string& more = {}) {
        return request_frame(
            id, "login",
            fmt::format(
                R"([{{"_name":"in","_content":[{{"_name":"request","_content":[{{"_name":"login","_attributes":{{"login":"{}","password":"{}"{}}}}}]}}]}}])",
                login, password, more));
    }
    static std::string hold_frame(const std::string& id,
                                  const std::string& conversation = "0647e2cf80d0cc01") {
        return request_frame(
            id, "call_hold",
            fmt::format(
                R"([{{"_name":"in","_content":[{{"_name":"request","_content":[{{"_name":"call_hold","_attributes":{{"conversation_id":"{}"}}}}]}}]}}])",
                conversation));
    }
    static std::string ok(const std::string& id, const std::string& command) {
        return response_frame(
            id, 200,
            fmt::format(
                R"([{{"_name":"out","_attributes":{{"xmlns:xs":"http://www.w3.org/2001/XMLSchema-instance","xs:noNamespaceSchemaLocation":"{}.xsd"}},"_content":[{{"_name":"response","_content":[{{"_name":"ok"}}]}}]}}])",
                command));
    }
    static int status(const std::string& frame) { return std::stoi(frame.substr(16, 3)); }
};

TEST_F(Sockets, TransferOfTheManualIsAnsweredByteForByte) {
    auto client = logged_in();
    client.send(printed("call_unattended_transfer.request"));
    EXPECT_EQ(gateway.only<call::Transfer>().leg, LegId{a_leg});
    EXPECT_EQ(gateway.only<call::Transfer>().to, "104");
    const auto expected = printed("call_unattended_transfer.response");
    EXPECT_EQ(client.take(), std::vector{expected.substr(0, 19) + minified(expected)});
}

TEST_F(Sockets, UnholdOfTheManualIsAnsweredByteForByteButForItsMisprintedLength) {
    auto client = logged_in();
    client.send(printed("call_unhold.request"));
    EXPECT_EQ(gateway.only<call::Retrieve>().leg, LegId{0x0647e098a4b48b05});
    EXPECT_EQ(client.take(), std::vector{"0100000002180019200" + minified(printed("call_unhold.response"))});
}

TEST_F(Sockets, HistoryOfTheManualReachesTheReader) {
    auto client = logged_in("102");
    client.send(printed("operator_call_history.request"));
    ASSERT_EQ(history.filters.size(), 1U);
    EXPECT_EQ(history.filters[0].operator_id, "102");
    EXPECT_EQ(history.filters[0].limit, 50);
    EXPECT_EQ(history.filters[0].offset, 0);
    EXPECT_EQ(status(client.take().at(0)), 200);
}

TEST_F(Sockets, PrintedAndWireFormOfARequestAreTheSame) {
    for (const auto* name : {"call_unattended_transfer.request", "call_unhold.request"}) {
        auto client = logged_in();
        const auto text = printed(name);
        client.send(text);
        const auto parsed = parse_request(text);
        const auto& frame = std::get<RequestFrame>(parsed);
        client.send(request_frame(frame.id, frame.command, minified(text)));
        const auto answers = client.take();
        ASSERT_EQ(answers.size(), 2U);
        EXPECT_EQ(answers[0], answers[1]);
    }
}

TEST_F(Sockets, WithoutLoginEverythingIs401AndALoginFrameOpensIt) {
    auto client = connect();
    EXPECT_TRUE(client.take().empty());
    client.send(hold_frame("0001"));
    client.send(request_frame("0002", "make_coffee", "[]"));
    auto answers = client.take();
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0].substr(12, 7), "0001401");
    EXPECT_EQ(answers[1].substr(12, 7), "0002401");
    EXPECT_TRUE(gateway.commands.empty());

    client.send(login_frame("0003", "101", "wrong"));
    EXPECT_EQ(client.take().at(0).substr(12, 7), "0003401");
    client.send(login_frame("0004", "101", "secret101"));
    answers = client.take();
    ASSERT_EQ(answers.size(), 2U) << "the answer, then the snapshot of conversations";
    EXPECT_EQ(answers[0].substr(12, 7), "0004200");
    EXPECT_NE(
        answers[0].find(
            R"({"_name":"login","_attributes":{"agent_id":"101","supervisor":"false","auto_logout_timeout":"1800"}})"),
        std::string::npos);
    EXPECT_EQ(answers[1].substr(12, 23), "9999conversations_event");

    client.send(hold_frame("0005"));
    EXPECT_EQ(client.take(), std::vector{ok("0005", "call_hold")});
}

TEST_F(Sockets, CookieOfTheLoginOpensTheSocketAndLogoutEndsIt) {
    const auto login =
        post("login", R"(<in><request><login login="101" password="secret101"/></request></in>)");
    const http::Headers headers{{"Cookie", cookie(login)}};
    auto client = connect(headers);
    EXPECT_EQ(client.take().size(), 1U);
    client.send(hold_frame("0001"));
    EXPECT_EQ(client.take(), std::vector{ok("0001", "call_hold")});
    EXPECT_EQ(post("logout", "<in><request/></in>", headers).status, 200);
    client.send(hold_frame("0002"));
    EXPECT_EQ(status(client.take().at(0)), 401);
    feed.publish(LegId{5}, call::LegState::initiating, started(facts("101")));
    EXPECT_TRUE(client.take().empty()) << "an ended session hears nothing";
}

TEST_F(Sockets, OpenSocketKeepsItsSessionFromIdlingOut) {
    const auto login =
        post("login", R"(<in><request><login login="101" password="secret101"/></request></in>)");
    const http::Headers headers{{"Cookie", cookie(login)}};
    {
        const auto client = connect(headers);
        ticks += Seconds{5000};
    }
    EXPECT_EQ(post("conversations", "<in><request/></in>", headers).status, 200);
    ticks += Seconds{5000};
    EXPECT_EQ(post("conversations", "<in><request/></in>", headers).status, 401);
}

TEST_F(Sockets, LogoutFrameEndsTheSession) {
    auto client = logged_in();
    client.send(request_frame("0001", "logout", R"([{"_name":"in","_content":[{"_name":"request"}]}])"));
    EXPECT_EQ(client.take(), std::vector{ok("0001", "logout")});
    client.send(hold_frame("0002"));
    EXPECT_EQ(status(client.take().at(0)), 401);
}

TEST_F(Sockets, SeveralRequestsMayBeUnderWayAndEachAnswerHasItsId) {
    auto client = logged_in();
    gateway.hold_replies = true;
    client.send(hold_frame("0001"));
    client.send(hold_frame("0002"));
    EXPECT_TRUE(client.take().empty());
    gateway.held.at(1)(Error{"wrong_state", "It is on hold."});
    gateway.held.at(0)(call::Outcome{});
    const auto answers = client.take();
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0].substr(12, 7), "0002403");
    EXPECT_EQ(answers[1], ok("0001", "call_hold"));
}

TEST_F(Sockets, AnswerAfterTheClientLeftHarmsNobody) {
    auto client = logged_in();
    gateway.hold_replies = true;
    client.send(hold_frame("0001"));
    client.send(login_frame("0002", "102", "secret102", R"(,"number":"105")"));
    client.listener->on_close();
    client.listener.reset();
    for (const auto& reply : gateway.held) reply(call::Outcome{});
    feed.publish(LegId{5}, call::LegState::initiating, started(facts("102")));
    EXPECT_EQ(client.take().size(), 2U) << "both answers were tried; no event";
}

TEST_F(Sockets, RefusalIsAFrameWithTheDocumentedError) {
    auto client = logged_in();
    gateway.result = Error{"wrong_state", "The conversation is on hold already."};
    client.send(hold_frame("0007"));
    EXPECT_EQ(
        client.take(),
        std::vector{response_frame(
            "0007", 403,
            R"([{"_name":"out","_attributes":{"xmlns:xs":"http://www.w3.org/2001/XMLSchema-instance","xs:noNamespaceSchemaLocation":"call_hold.xsd"},"_content":[{"_name":"error","_attributes":{"cmd":"call_hold","reason":"cannot_perform_cmd","body":"The conversation is on hold already."}}]}])")});
}

TEST_F(Sockets, BadRequestsAreAnsweredWithWhatIsWrong) {
    auto client = logged_in();
    const auto text = [&](const std::string& message, const std::string& id_and_status) {
        client.send(message);
        auto answers = client.take();
        EXPECT_EQ(answers.size(), 1U) << message;
        if (answers.empty()) return std::string{};
        EXPECT_EQ(answers[0].substr(12, 7), id_and_status) << message;
        return answers[0];
    };
    const auto has = [](const std::string& frame, const std::string& part) {
        return frame.find(part) != std::string::npos;
    };

    EXPECT_TRUE(has(text(request_frame("0001", "make_coffee", "[]"), "0001404"),
                    "There is no command 'make_coffee'."));
    EXPECT_TRUE(has(text(hold_frame("0002").substr(0, 100), "0002400"), "The JSON is incomplete"));
    EXPECT_TRUE(has(text("0100000000250003call_hold", "0003400"), "There is no JSON array."));
    EXPECT_TRUE(has(text("01000000xx250004call_hold[]", "0004400"), "The frame's length is not ten digits."));
    EXPECT_TRUE(has(text("0100000000180005[]", "0005400"), "The frame names no command."));
    EXPECT_TRUE(has(
        text(
            request_frame(
                "0006", "call_hold",
                R"([{"_name":"in","_content":[{"_name":"request","_content":[{"_name":"call_hold","_attributes":{"conversation_id":5}}]}]}])"),
            "0006400"),
        "Attribute 'conversation_id' of 'call_hold' is not a string."));
    EXPECT_TRUE(has(
        text(request_frame(
                 "0007", "call_hold",
                 R"([{"_name":"in","_content":[{"_name":"request","_content":[{"_name":"call_hold"}]}]}])"),
             "0007400"),
        "The attribute 'conversation_id' is required but missing."));
    EXPECT_TRUE(
        has(text(request_frame("0008", "call_hold", R"([{"_name":"a b<"}])"), "0008400"), "invalid_request"));
    EXPECT_TRUE(has(text(hold_frame("0009", "nonsense"), "0009403"), "There is no conversation 'nonsense'."));
    EXPECT_TRUE(
        has(text(request_frame("0010", "call_hold", "[" + std::string(64 * 1024, ' ') + "]"), "0010413"),
            "too_large"));
    EXPECT_FALSE(client.socket->closed);
    EXPECT_TRUE(gateway.commands.empty());
}

TEST_F(Sockets, MessageWithoutReadableIdClosesWithTheReason) {
    for (const auto& [message, reason] :
         {std::pair{"GET / HTTP/1.1", "A frame begins with the version 01."},
          {"0100000", "The frame ends within its header: 01, 10 digits of length, 4 of id."},
          {"0100000000280x01call_hold []", "The request's id is not four digits."}}) {
        auto client = logged_in();
        client.send(message);
        EXPECT_EQ(client.socket->closed, 1002);
        EXPECT_EQ(client.socket->reason, reason);
        EXPECT_LE(client.socket->reason.size(), 123U) << "RFC 6455, section 5.5";
        EXPECT_TRUE(client.take().empty());
    }
}

TEST_F(Sockets, BinaryMessageCloses) {
    auto client = logged_in();
    client.listener->on_binary("x");
    EXPECT_EQ(client.socket->closed, 1003);
}

TEST_F(Sockets, WrongLengthIsTakenAndCounted) {
    const auto count = [] {
        const auto text = metrics::exposition();
        const auto at = text.find("\npatchbay_ecss_wrong_lengths_total ");
        return std::stod(text.substr(at + 35));
    };
    auto client = logged_in();
    const auto before = count();
    auto frame = hold_frame("0001");
    frame.replace(2, 10, "0000000001");
    client.send(frame);
    client.send(hold_frame("0002"));
    EXPECT_EQ(client.take(), (std::vector{ok("0001", "call_hold"), ok("0002", "call_hold")}));
    EXPECT_EQ(count(), before + 1);
}

TEST_F(Sockets, AcknowledgedEventIsNoRequest) {
    auto client = logged_in();
    client.send(response_frame("9999", 200, R"([{"_name":"out"}])"));
    EXPECT_TRUE(client.take().empty());
}

}  // namespace
}  // namespace patchbay::ecss
