#include "sip/receive_queue.hpp"

#include <array>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/descriptor.hpp"
#include "sip/address.hpp"

namespace patchbay::sip {
namespace {

class ReceiveQueueTest : public testing::Test {
  protected:
    void SetUp() override {
        auto* any = reinterpret_cast<sockaddr*>(&address);
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ASSERT_EQ(bind(receiver.get(), any, size), 0);
        ASSERT_EQ(getsockname(receiver.get(), any, &size), 0);
    }
    void send(int datagrams) {
        std::array<char, 1000> bytes{};
        for (int i = 0; i < datagrams; ++i)
            sendto(sender.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&address),
                   sizeof address);
    }
    config::Endpoint bound() { return endpoint_of(*reinterpret_cast<sockaddr*>(&address)); }

    Descriptor receiver{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)},
        sender{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
};

TEST_F(ReceiveQueueTest, WhatWaitsUnreadIsSeenAndWhatIsDroppedIsCounted) {
    const ReceiveQueue queue(bound());
    ASSERT_TRUE(queue.found());
    EXPECT_EQ(queue.sample().used, 0);
    EXPECT_EQ(queue.sample().dropped, 0u);
    const int small = 16 * 1024;
    ASSERT_EQ(setsockopt(receiver.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    send(3);
    EXPECT_GT(queue.sample().used, 0);
    send(1000);
    EXPECT_GT(queue.sample().used, 0.8);
    EXPECT_GT(queue.sample().dropped, 0u);
}

TEST_F(ReceiveQueueTest, WithoutTheSocketNothingIsUsed) {
    const config::Endpoint elsewhere{"127.0.0.1", 1};
    const ReceiveQueue queue(elsewhere);
    EXPECT_FALSE(queue.found());
    EXPECT_EQ(queue.sample().used, 0);
}

}  // namespace
}  // namespace patchbay::sip
