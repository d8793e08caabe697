// Datagrams that are taken together, as Sofia then reads them.
#include "sip/inbox.hpp"

#include <cerrno>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sofia-sip/su.h>

#include "base/descriptor.hpp"
#include "sip/outbox.hpp"

namespace patchbay::sip {
namespace {

class AnInbox : public testing::Test {
  protected:
    AnInbox() {
        at(receiver_);
        own_port_ = at(sender_).sin_port;
    }

    /// Gives the socket a port.
    static sockaddr_in at(const Descriptor& socket) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size);
        getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
        return address;
    }
    void send(const std::string& text) const {
        sockaddr_in to{};
        socklen_t size = sizeof to;
        getsockname(receiver_.get(), reinterpret_cast<sockaddr*>(&to), &size);
        sendto(sender_.get(), text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&to), size);
    }
    /// As Sofia does, in two pieces, having asked for the size.
    std::string read() {
        const auto size = su_getmsgsize(receiver_.get());
        EXPECT_GT(size, 0);
        std::string first(3, ' '), second(static_cast<std::size_t>(size), ' ');
        su_iovec_t pieces[] = {{first.data(), first.size()}, {second.data(), second.size()}};
        socklen_t from_size = sizeof from_;
        const auto came = su_vrecv(receiver_.get(), pieces, 2, 0, &from_, &from_size);
        EXPECT_EQ(from_size, sizeof from_.su_sin);
        return (first + second).substr(0, static_cast<std::size_t>(came));
    }

    const Descriptor receiver_{socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)};
    const Descriptor sender_{socket(AF_INET, SOCK_DGRAM, 0)};
    in_port_t own_port_ = 0;
    su_sockaddr_t from_{};
    Inbox inbox_{receiver_.get()};
};

TEST_F(AnInbox, HandsOnWhatCameInItsOrderAndWithItsSender) {
    send("one message");
    send("no");
    const Inbox::Reading reading(inbox_);
    ASSERT_EQ(reading.count(), 2U);
    EXPECT_EQ(read(), "one message");
    EXPECT_EQ(from_.su_sin.sin_port, own_port_);
    EXPECT_EQ(read(), "no");
}

TEST_F(AnInbox, LeavesTheSocketAloneAtOtherTimesAndWhenAllIsTaken) {
    send("one");
    {
        const Inbox::Reading reading(inbox_);
        ASSERT_EQ(reading.count(), 1U);
        EXPECT_EQ(read(), "one");
        send("straight");
        EXPECT_EQ(read(), "straight");
    }
    send("later");
    EXPECT_EQ(read(), "later");
    EXPECT_EQ(from_.su_sin.sin_port, own_port_);
}

TEST_F(AnInbox, TakesNoMoreAtOnceThanItHolds) {
    for (std::size_t i = 0; i <= Inbox::capacity; ++i) send("message " + std::to_string(i));
    {
        const Inbox::Reading reading(inbox_);
        ASSERT_EQ(reading.count(), Inbox::capacity);
        for (std::size_t i = 0; i < Inbox::capacity; ++i) EXPECT_EQ(read(), "message " + std::to_string(i));
    }
    const Inbox::Reading reading(inbox_);
    ASSERT_EQ(reading.count(), 1U);
    EXPECT_EQ(read(), "message " + std::to_string(Inbox::capacity));
}

TEST_F(AnInbox, MakesAnEmptyDatagramOneThatSofiaReadsAndThrowsAway) {
    send("");
    const Inbox::Reading reading(inbox_);
    ASSERT_EQ(reading.count(), 1U);
    EXPECT_EQ(read(), "");
}

TEST_F(AnInbox, TakesNothingOfAnotherSocket) {
    send("one");
    const Inbox::Reading reading(inbox_);
    EXPECT_EQ(Inbox::of(receiver_.get()), &inbox_);
    EXPECT_EQ(Inbox::of(sender_.get()), nullptr);
}

TEST_F(AnInbox, AsksTheSocketForItsErrorUnlessMessagesLeaveTogether) {
    sockaddr_in gone{};
    {
        const Descriptor closing(socket(AF_INET, SOCK_DGRAM, 0));
        gone = at(closing);
    }
    const int yes = 1;
    setsockopt(receiver_.get(), IPPROTO_IP, IP_RECVERR, &yes, sizeof yes);
    // Returns when the socket has been told that nobody is there.
    const auto send_to_nobody = [&] {
        sendto(receiver_.get(), "?", 1, 0, reinterpret_cast<const sockaddr*>(&gone), sizeof gone);
        pollfd refused{receiver_.get(), 0, 0};
        ASSERT_EQ(poll(&refused, 1, 5000), 1);
    };
    send_to_nobody();
    EXPECT_EQ(su_soerror(receiver_.get()), ECONNREFUSED);
    Outbox outbox;
    const Inbox::Reading reading(inbox_);
    const Outbox::Gathering gathering(outbox);
    send_to_nobody();
    EXPECT_EQ(su_soerror(receiver_.get()), 0);
}

}  // namespace
}  // namespace patchbay::sip
