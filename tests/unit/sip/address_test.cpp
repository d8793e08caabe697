// Socket addresses as text.
#include "sip/address.hpp"

#include <cerrno>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace patchbay::sip {
namespace {

/// There and back again.
std::string rewritten(int family, const std::string& text) {
    in6_addr bytes{};
    EXPECT_EQ(inet_pton(family, text.c_str(), &bytes), 1) << text;
    char written[INET6_ADDRSTRLEN] = "";
    EXPECT_EQ(inet_ntop(family, &bytes, written, sizeof written), written);
    return written;
}

TEST(AnAddress, ReadsAsItIsWritten) {
    for (const std::string text : {"0.0.0.0", "1.2.3.4", "10.20.30.40", "127.0.0.1", "255.255.255.255"})
        EXPECT_EQ(rewritten(AF_INET, text), text);
    for (const std::string text : {"::", "::1", "2001:db8::10:0:1", "fe80::1:2:3:4", "::ffff:10.0.0.1"})
        EXPECT_EQ(rewritten(AF_INET6, text), text);
}

TEST(AnAddress, IsWrittenOnlyWhereItFits) {
    const in_addr address{htonl(0x7f000001)};
    char text[16] = "untouched";
    errno = 0;
    EXPECT_EQ(inet_ntop(AF_INET, &address, text, 9), nullptr);
    EXPECT_EQ(errno, ENOSPC);
    EXPECT_STREQ(text, "untouched");
    EXPECT_EQ(inet_ntop(AF_INET, &address, text, 10), text);
    EXPECT_STREQ(text, "127.0.0.1");
}

TEST(AnAddress, OfNoKnownFamilyIsNone) {
    char text[64] = "";
    errno = 0;
    EXPECT_EQ(inet_ntop(AF_UNIX, text, text, sizeof text), nullptr);
    EXPECT_EQ(errno, EAFNOSUPPORT);
}

}  // namespace
}  // namespace patchbay::sip
