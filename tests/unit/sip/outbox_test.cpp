// Datagrams that leave together.
#include "sip/outbox.hpp"

#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sofia-sip/su.h>

#include "base/descriptor.hpp"

namespace patchbay::sip {
namespace {

class AnOutbox : public testing::Test {
  protected:
    AnOutbox() {
        to_.su_sin.sin_family = AF_INET;
        to_.su_sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof to_.su_sin;
        bind(receiver_.get(), &to_.su_sa, size);
        getsockname(receiver_.get(), &to_.su_sa, &size);
    }

    /// As Sofia does, in two pieces.
    issize_t send(std::string first, std::string second) const { return send_to(to_, first, second); }
    issize_t send_to(const su_sockaddr_t& to, std::string first, std::string second) const {
        const su_iovec_t pieces[] = {{first.data(), first.size()}, {second.data(), second.size()}};
        return su_vsend(sender_.get(), pieces, 2, 0, &to, sizeof to.su_sin);
    }
    /// What came first of what waits; empty when nothing does.
    std::string received() const {
        char bytes[100];
        const auto size = recv(receiver_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
        return size < 0 ? std::string{} : std::string(bytes, static_cast<std::size_t>(size));
    }

    const Descriptor sender_{socket(AF_INET, SOCK_DGRAM, 0)}, receiver_{socket(AF_INET, SOCK_DGRAM, 0)};
    su_sockaddr_t to_{};
    Outbox outbox_;
};

TEST_F(AnOutbox, KeepsWhatIsSentUntilItsGatheringEnds) {
    {
        const Outbox::Gathering gathering(outbox_);
        EXPECT_EQ(send("one", " message"), 11);
        EXPECT_EQ(send("another", ""), 7);
        EXPECT_EQ(received(), "");
    }
    EXPECT_EQ(received(), "one message");
    EXPECT_EQ(received(), "another");
    EXPECT_EQ(received(), "");
}

TEST_F(AnOutbox, LeavesAloneWhatIsSentAtOtherTimes) {
    EXPECT_EQ(send("at", " once"), 7);
    EXPECT_EQ(received(), "at once");
}

TEST_F(AnOutbox, SendsMoreThanItHoldsInOrder) {
    {
        const Outbox::Gathering gathering(outbox_);
        for (int i = 0; i < 150; ++i) send("message ", std::to_string(i));
    }
    for (int i = 0; i < 150; ++i) EXPECT_EQ(received(), "message " + std::to_string(i));
    EXPECT_EQ(received(), "");
}

TEST_F(AnOutbox, HasSofiaHearOfAnAddressThatTakesNothing) {
    su_sockaddr_t everybody = to_;
    everybody.su_sin.sin_addr.s_addr = htonl(INADDR_BROADCAST);  // which this socket may not send to
    {
        const Outbox::Gathering gathering(outbox_);
        EXPECT_EQ(send_to(everybody, "lost", ""), 4);
        send("goes", "");
    }
    EXPECT_EQ(received(), "goes");
    const Outbox::Gathering gathering(outbox_);
    EXPECT_EQ(send_to(everybody, "refused", ""), -1);
    EXPECT_EQ(send_to(everybody, "tried anew", ""), 10);
}

}  // namespace
}  // namespace patchbay::sip
