#include "sip/name_addr.hpp"

#include <gtest/gtest.h>

namespace patchbay::sip {
namespace {

TEST(NameAddr, EachFormIsRead) {
    const auto full =
        parse_name_addr(" \"Anna \\\"A\\\"\" <sip:1@h;lr> ; Expires=60;+sip.instance=\"<urn:x>\" ;ob");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->display_name, "Anna \"A\"");
    EXPECT_EQ(full->uri, "sip:1@h;lr");
    EXPECT_EQ(full->parameter("expires"), "60");
    EXPECT_EQ(full->parameter("+sip.instance"), "<urn:x>");
    EXPECT_EQ(full->parameter("absent"), "");
    EXPECT_EQ(parse_name_addr("Anna B <sip:1@h>")->display_name, "Anna B");
    EXPECT_EQ(parse_name_addr("<sip:1@h>")->display_name, "");
    const auto bare = parse_name_addr("sip:1@h;expires=0");
    EXPECT_EQ(bare->uri, "sip:1@h");
    EXPECT_EQ(bare->parameter("expires"), "0");
    EXPECT_EQ(parse_name_addr("*")->uri, "*");
}

TEST(NameAddr, BrokenOnesAreNone) {
    for (const std::string bad : {"", "<sip:1@h", "\"open <sip:1@h>", "<>", "<sip:1@h>x", "<sip:1@h>;a=\"b",
                                  "\"a\" b <sip:1@h>", "\"a\" sip:1@h", "\"a\\"})
        EXPECT_FALSE(parse_name_addr(bad)) << bad;
    EXPECT_FALSE(parse_name_addr("<sip:" + std::string(5000, 'x') + ">"));
}

TEST(Uri, ThePartsAreFound) {
    const auto sip = parse_uri("sip:an%20na;x=1:pw@[2001:db8::1]:5070;transport=tcp?a=b");
    ASSERT_TRUE(sip);
    EXPECT_EQ(sip->user, "an%20na");
    EXPECT_EQ(sip->host, "2001:db8::1");
    EXPECT_EQ(sip->port, 5070);
    EXPECT_EQ(parse_uri("SIPS:h")->host, "h");
    EXPECT_EQ(parse_uri("sip:h;lr")->port, 0);
    EXPECT_EQ(parse_uri("tel:+7383;phone-context=x")->user, "+7383");
}

TEST(Uri, BrokenOnesAreNone) {
    for (const std::string bad : {"", "sip", "sip:", "sip:a@", "http://h", "sip:h:0", "sip:h:70000",
                                  "sip:h:x", "sip:[::1", "sip:[::1]x", "tel:"})
        EXPECT_FALSE(parse_uri(bad)) << bad;
}

TEST(Uri, EscapesAreUndoneAndWhatIsNoneStays) {
    EXPECT_EQ(unescaped("%2B7%3a%zz%4"), "+7:%zz%4");
}

}  // namespace
}  // namespace patchbay::sip
