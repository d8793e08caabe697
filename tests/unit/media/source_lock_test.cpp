#include "media/source_lock.hpp"

#include <gtest/gtest.h>

namespace patchbay::media {
namespace {

Address at(const std::string& host, std::uint16_t port) {
    return Address::parse({host, port}).value();
}

const Address phone = at("127.0.0.1", 4000), nat = at("127.0.0.2", 5000), stranger = at("127.0.0.3", 6000);

RtpHeader packet(std::uint16_t sequence, std::uint32_t ssrc = 1) {
    return {.sequence = sequence, .ssrc = ssrc};
}

class SourceLockStory : public ::testing::Test {
  protected:
    SourceLockStory() { lock.expect(phone, true); }
    SourceLock lock;
};

TEST_F(SourceLockStory, signalled_address_locks_at_once) {
    EXPECT_TRUE(lock.admit(phone, packet(1)));
    for (std::uint16_t i = 0; i < 10; ++i) EXPECT_FALSE(lock.admit(stranger, packet(i)));
    EXPECT_EQ(lock.target(), phone);
}

TEST_F(SourceLockStory, other_address_locks_with_its_third_packet_in_sequence) {
    EXPECT_FALSE(lock.admit(nat, packet(65535)));
    EXPECT_FALSE(lock.admit(nat, packet(0)));
    EXPECT_EQ(lock.target(), phone);
    EXPECT_TRUE(lock.admit(nat, packet(1)));
    EXPECT_EQ(lock.target(), nat);
    for (std::uint16_t i = 0; i < 10; ++i) EXPECT_FALSE(lock.admit(stranger, packet(i)));
}

TEST_F(SourceLockStory, random_packets_prove_nothing) {
    for (std::uint16_t i = 0; i < 100; ++i) {
        EXPECT_FALSE(lock.admit(nat, packet(static_cast<std::uint16_t>(i * 7))));
        EXPECT_FALSE(lock.admit(stranger, packet(i, i)));
    }
}

TEST_F(SourceLockStory, signalled_address_takes_the_lock_back) {
    for (std::uint16_t i = 0; i < 3; ++i) lock.admit(nat, packet(i));
    EXPECT_TRUE(lock.admit(phone, packet(100)));
    EXPECT_FALSE(lock.admit(nat, packet(3)));
}

TEST_F(SourceLockStory, same_address_again_keeps_the_lock_and_a_new_one_opens_it) {
    for (std::uint16_t i = 0; i < 3; ++i) lock.admit(nat, packet(i));
    lock.expect(phone, true);
    EXPECT_EQ(lock.target(), nat);
    lock.expect(at("0.0.0.0", 4000), true);
    EXPECT_EQ(lock.target(), nat);
    lock.expect(stranger, true);
    EXPECT_EQ(lock.target(), stranger);
    lock.expect(Address(), false);
    EXPECT_FALSE(lock.target());
}

TEST(Address, of_both_families) {
    EXPECT_TRUE(at("::", 1).unspecified());
    EXPECT_TRUE(at("0.0.0.0", 1).unspecified());
    EXPECT_EQ(at("127.0.0.1", 5).mapped(), at("::ffff:127.0.0.1", 5));
    EXPECT_FALSE(at("127.0.0.1", 5) == at("127.0.0.1", 6));
    EXPECT_FALSE(at("127.0.0.1", 5) == at("::1", 5));
    EXPECT_EQ(at("::1", 5).port(), 5);
    EXPECT_EQ(Address::parse({"example.net", 5}), std::nullopt);
}

}  // namespace
}  // namespace patchbay::media
