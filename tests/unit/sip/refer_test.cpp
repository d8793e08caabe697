// Transfers by the phone, over the wire: REFER, Replaces, sipfrag.
#include "office.hpp"

namespace patchbay::sip {
namespace {

class Refers : public Office {};

std::string escaped_replaces(const RawDialog& dialog, const std::string& local_tag,
                             const std::string& remote_tag) {
    return dialog.call_id + "%3Bto-tag%3D" + remote_tag + "%3Bfrom-tag%3D" + local_tag;
}

std::string tag_of(const std::string& value) {
    return value.substr(value.find(";tag=") + 5);
}

TEST_F(Refers, ABlindTransferRingsTheTargetAndTellsTheTransferor) {
    const auto [anna, boris] = talking();
    auto& vera = phone("103");
    boris.request("REFER", "Refer-To: <sip:103@demo.local>\nReferred-By: <sip:102@demo.local>\n");
    EXPECT_EQ(boris.expect("SIP/2.0 ").status(), 202);
    auto notify = boris.expect("NOTIFY ");
    EXPECT_EQ(notify.header("Event"), "refer");
    EXPECT_EQ(notify.body(), "SIP/2.0 100 Trying\r\n");
    boris.respond(notify, 200);
    const auto invite = vera.expect("INVITE ");
    EXPECT_EQ(invite.header("From").find("102"), std::string::npos);
    vera.respond(invite, 180);
    while (notify.body().find(" 200 ") == std::string::npos) {
        if (notify.body().find(" 180 ") != std::string::npos) vera.respond(invite, 200, "", audio());
        notify = boris.expect("NOTIFY ");
        ASSERT_FALSE(notify.text.empty());
        boris.respond(notify, 200);
        if (notify.header("Subscription-State").starts_with("terminated")) break;
    }
    EXPECT_TRUE(notify.header("Subscription-State").starts_with("terminated"));
}

TEST_F(Refers, TheTransferorsByeRightAfterTheReferDoesNotBreakIt) {
    const auto [anna, boris] = talking();
    auto& vera = phone("103");
    boris.request("REFER", "Refer-To: <sip:103@demo.local>\nRefer-Sub: false\n");
    EXPECT_EQ(boris.expect("SIP/2.0 202").header("Refer-Sub"), "false");
    boris.request("BYE");
    boris.expect("SIP/2.0 200");
    vera.pick_up(audio());
    EXPECT_TRUE(anna.hears_nothing_of("BYE "));
    EXPECT_TRUE(until([&] { return the_switch->legs() == 2; }));
    anna.request("BYE");
    anna.expect("SIP/2.0 200");
    vera.respond(vera.expect("BYE "), 200);
}

TEST_F(Refers, AnAttendedTransferJoinsTheOtherTwo) {
    const auto [anna, boris] = talking();
    auto& vera = phone("103");
    const auto with_anna = boris.dialog;
    boris.dialog = {};
    boris.invite("103", audio());
    vera.pick_up(audio());
    boris.hear_answer();
    const auto with_vera = boris.dialog;
    boris.dialog = with_anna;
    boris.request("REFER",
                  "Refer-To: <sip:103@demo.local?Replaces=" +
                      escaped_replaces(with_vera, tag_of(with_vera.local), tag_of(with_vera.remote)) + ">\n");
    EXPECT_EQ(boris.expect("SIP/2.0 202").status(), 202);
    EXPECT_TRUE(boris.expect("BYE ").begins("BYE "));
    EXPECT_TRUE(until([&] { return the_switch->legs() == 2; }));
    EXPECT_TRUE(anna.hears_nothing_of("BYE "));
    EXPECT_TRUE(vera.hears_nothing_of("BYE "));
}

TEST_F(Refers, AReferToNobodyIsRefused) {
    const auto [anna, boris] = talking();
    boris.request("REFER");
    EXPECT_EQ(boris.expect("SIP/2.0 4").status(), 400);
    boris.request("REFER", "Refer-To: <sip:103@demo.local?Replaces=none%3Bto-tag%3Da%3Bfrom-tag%3Db>\n");
    EXPECT_EQ(boris.expect("SIP/2.0 4").status(), 404);
    boris.request("BYE");
    boris.expect("SIP/2.0 200");
    anna.respond(anna.expect("BYE "), 200);
}

TEST_F(Refers, AnInviteWithReplacesTakesTheLegsPlace) {
    const auto [anna, boris] = talking();
    auto& vera = phone("103");
    // Vera takes over Boris' call: from- and to-tag as the server sees Boris' dialog.
    const auto replaces = boris.dialog.call_id + ";to-tag=" + tag_of(boris.dialog.remote) +
                          ";from-tag=" + tag_of(boris.dialog.local);
    vera.invite("102", audio(), "Require: replaces\nReplaces: " + replaces + "\n");
    const auto ok = vera.expect("SIP/2.0 200");
    EXPECT_EQ(ok.status(), 200);
    vera.learn(ok);
    vera.ack();
    boris.respond(boris.expect("BYE "), 200);
    EXPECT_TRUE(anna.hears_nothing_of("BYE "));
}

TEST_F(Refers, ReplacesOfAnUnknownDialogIsRefusedAndEarlyOnlyOfAConnectedOneToo) {
    auto& anna = phone("101");
    auto& boris = phone("102");
    auto& vera = phone("103");
    vera.invite("102", audio(), "Replaces: nothing;to-tag=1;from-tag=2\n");
    EXPECT_EQ(vera.expect("SIP/2.0 4").status(), 481);
    connect(anna, boris, audio(), audio());
    const auto replaces = boris.dialog.call_id + ";to-tag=" + tag_of(boris.dialog.remote) +
                          ";from-tag=" + tag_of(boris.dialog.local) + ";early-only";
    vera.dialog = {};
    vera.invite("102", audio(), "Replaces: " + replaces + "\n");
    EXPECT_EQ(vera.expect("SIP/2.0 4").status(), 486);
}

}  // namespace
}  // namespace patchbay::sip
