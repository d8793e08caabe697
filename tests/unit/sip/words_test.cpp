// Small readers and writers: digits in INFO bodies, reasons, identities.
#include <gtest/gtest.h>

#include "call/cause.hpp"
#include "sip/address.hpp"
#include "sip/dtmf_body.hpp"
#include "sip/identity.hpp"
#include "sip/reason.hpp"

namespace patchbay::sip {
namespace {

TEST(DtmfBody, BothKindsAreRead) {
    EXPECT_EQ(digit_in("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"), '5');
    EXPECT_EQ(digit_in("Application/DTMF-Relay", "duration=100\nsignal= # \n"), '#');
    EXPECT_EQ(digit_in("application/dtmf", "*\r\n"), '*');
    EXPECT_EQ(digit_in("application/dtmf-relay", "Signal=10\r\n"), '*');
    EXPECT_EQ(digit_in("application/dtmf-relay", "Signal=d"), 'D');
}

TEST(DtmfBody, WhatIsNoDigitIsNoneAndAnotherTypeIsNothing) {
    EXPECT_EQ(digit_in("application/dtmf-relay", "Signal=hf\r\n"), '\0');
    EXPECT_EQ(digit_in("application/dtmf-relay", "nonsense"), '\0');
    EXPECT_EQ(digit_in("text/plain", "5"), std::nullopt);
}

TEST(DtmfBody, WhatWeWriteIsReadBack) {
    EXPECT_EQ(digit_in("application/dtmf-relay", dtmf_relay('7')), '7');
}

TEST(Reason, SaysWhatBothWorldsUnderstand) {
    EXPECT_EQ(reason_value(call::causes::hung_up), "Q.850;cause=16;text=\"hung_up\"");
    EXPECT_EQ(reason_value(call::causes::busy), "Q.850;cause=17;text=\"busy\", SIP;cause=486;text=\"busy\"");
    EXPECT_EQ(reason_value(call::causes::answered_elsewhere),
              "SIP;cause=200;text=\"Call completed elsewhere\"");
}

TEST(Reason, ACallerIsRefusedWithTheCausesStatusElse480) {
    EXPECT_EQ(refusal_status(call::causes::busy), 486);
    EXPECT_EQ(refusal_status(call::causes::cleared), 480);
    EXPECT_EQ(refusal_status(call::causes::answered_elsewhere), 480);
    EXPECT_STREQ(phrase_of(486), "Busy Here");
}

TEST(Identity, AnOpenCallerIsShownToAllAndAssertedToTheTrustedOnly) {
    const call::Identity anna{"101", "Anna \"A\"", false};
    const auto to_phone = identity_headers(anna, "demo.local", false);
    EXPECT_EQ(to_phone.from, "\"Anna \\\"A\\\"\" <sip:101@demo.local>");
    EXPECT_TRUE(to_phone.asserted.empty());
    EXPECT_EQ(identity_headers(anna, "p.example", true).asserted, "\"Anna \\\"A\\\"\" <sip:101@p.example>");
}

TEST(Identity, AnAnonymousCallerIsNamedOnlyToTheTrusted) {
    const call::Identity hidden{"101", "Anna", true};
    const auto to_phone = identity_headers(hidden, "demo.local", false);
    EXPECT_EQ(to_phone.from, "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
    EXPECT_TRUE(to_phone.asserted.empty());
    const auto to_trunk = identity_headers(hidden, "p.example", true);
    EXPECT_EQ(to_trunk.privacy, "id");
    EXPECT_NE(to_trunk.asserted.find("101"), std::string::npos);
}

TEST(Address, UsersAreEscapedAndDisplayNamesQuoted) {
    std::string uri;
    append_escaped_user(uri, "a b@c#1");
    EXPECT_EQ(uri, "a%20b%40c%231");
    EXPECT_EQ(quoted("x\r\ny"), "\"xy\"");
    EXPECT_EQ(quoted(""), "");
    EXPECT_EQ(bracketed("::1"), "[::1]");
}

}  // namespace
}  // namespace patchbay::sip
