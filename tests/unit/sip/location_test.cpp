#include "sip/location.hpp"

#include <gtest/gtest.h>

#include "manual_clock.hpp"

namespace patchbay::sip {
namespace {

const std::string bob = "101@demo.local";

class LocationTest : public testing::Test {
  protected:
    static Location::Change contact(const std::string& uri, int expires = 60, int q = 1000,
                                    const std::string& instance = "") {
        return {uri, instance, q, Seconds{expires}};
    }
    Result<Done> put(std::vector<Location::Change> changes, std::uint32_t cseq = 0,
                     const std::string& call_id = "c1") {
        Location::Update update;
        update.call_id = call_id;
        update.cseq = cseq == 0 ? ++cseq_ : cseq;
        update.flow = {"udp", {"192.0.2.1", 5060}};
        update.changes = std::move(changes);
        return location.apply(bob, update);
    }
    void pass(Milliseconds time) {
        clock.advance(time);
        timers.run_due();
    }

    ManualClock clock;
    Timers timers{clock};
    Location location{clock, timers, {.bindings = 3, .records = 2}};
    std::uint32_t cseq_ = 0;
};

TEST_F(LocationTest, APhoneIsThereUntilItsBindingExpires) {
    EXPECT_FALSE(location.reachable(bob));
    ASSERT_TRUE(put({contact("sip:101@192.0.2.1", 60)}).ok());
    EXPECT_TRUE(location.reachable(bob));
    EXPECT_EQ(location.bindings(bob)[0].flow.peer.address, "192.0.2.1");
    pass(Milliseconds{59'999});
    EXPECT_TRUE(location.reachable(bob));
    pass(Milliseconds{1});
    EXPECT_FALSE(location.reachable(bob));
    EXPECT_EQ(timers.size(), 0u);
}

TEST_F(LocationTest, WhatIsBoundToAFlowGoesWithIt) {
    Location::Update update;
    update.call_id = "w";
    update.cseq = 1;
    update.flow = {"wss", {"192.0.2.1", 0}, {"127.0.0.1", 40000}};
    update.changes = {contact("sip:101@x.invalid;transport=ws")};
    ASSERT_TRUE(location.apply(bob, update).ok());
    ASSERT_TRUE(put({contact("sip:101@192.0.2.1")}).ok());
    EXPECT_EQ(location.bindings(bob).size(), 2u);
    location.drop_flow({"wss", {"192.0.2.1", 0}, {"127.0.0.1", 40001}});
    EXPECT_EQ(location.bindings(bob).size(), 2u);
    location.drop_flow(update.flow);
    ASSERT_EQ(location.bindings(bob).size(), 1u);
    EXPECT_EQ(location.bindings(bob)[0].flow.transport, "udp");
}

TEST_F(LocationTest, ARefreshLengthensTheOneBinding) {
    ASSERT_TRUE(put({contact("sip:101@192.0.2.1", 60)}).ok());
    pass(Seconds{50});
    ASSERT_TRUE(put({contact("sip:101@192.0.2.1", 60)}).ok());
    EXPECT_EQ(location.bindings(bob).size(), 1u);
    pass(Seconds{50});
    EXPECT_TRUE(location.reachable(bob));
}

TEST_F(LocationTest, SeveralPhonesOfANumberAreListedByPreference) {
    ASSERT_TRUE(put({contact("sip:101@192.0.2.1", 60, 100)}, 1, "a").ok());
    ASSERT_TRUE(put({contact("sip:101@192.0.2.2", 120, 900)}, 1, "b").ok());
    ASSERT_EQ(location.bindings(bob).size(), 2u);
    EXPECT_EQ(location.bindings(bob)[0].contact, "sip:101@192.0.2.2");
    pass(Seconds{60});
    ASSERT_EQ(location.bindings(bob).size(), 1u);
    EXPECT_EQ(location.bindings(bob)[0].contact, "sip:101@192.0.2.2");
}

TEST_F(LocationTest, TheHostsCaseDoesNotMakeANewBindingButTheUsersDoes) {
    ASSERT_TRUE(put({contact("sip:Bob@HOST")}).ok());
    ASSERT_TRUE(put({contact("sip:Bob@host")}).ok());
    EXPECT_EQ(location.bindings(bob).size(), 1u);
    ASSERT_TRUE(put({contact("sip:bob@host")}).ok());
    EXPECT_EQ(location.bindings(bob).size(), 2u);
}

TEST_F(LocationTest, APhoneThatCameBackFromAnotherAddressReplacesItself) {
    ASSERT_TRUE(put({contact("sip:101@192.0.2.1", 60, 1000, "<urn:uuid:1>")}, 1, "a").ok());
    ASSERT_TRUE(put({contact("sip:101@192.0.2.99", 60, 1000, "<urn:uuid:1>")}, 1, "b").ok());
    ASSERT_EQ(location.bindings(bob).size(), 1u);
    EXPECT_EQ(location.bindings(bob)[0].contact, "sip:101@192.0.2.99");
}

TEST_F(LocationTest, UnregisteringRemovesOneOrAll) {
    ASSERT_TRUE(put({contact("sip:1@h"), contact("sip:2@h")}).ok());
    ASSERT_TRUE(put({contact("sip:1@h", 0)}).ok());
    EXPECT_EQ(location.bindings(bob).size(), 1u);
    Location::Update all;
    all.call_id = "other";
    all.remove_all = true;
    ASSERT_TRUE(location.apply(bob, all).ok());
    EXPECT_FALSE(location.reachable(bob));
    EXPECT_EQ(location.size(), 0u);
}

TEST_F(LocationTest, AnOlderRequestOfTheSamePhoneChangesNothing) {
    ASSERT_TRUE(put({contact("sip:1@h", 60)}, 5).ok());
    EXPECT_EQ(put({contact("sip:2@h", 60), contact("sip:1@h", 0)}, 5).error().code, "out_of_order");
    EXPECT_EQ(put({contact("sip:1@h", 0)}, 4).error().code, "out_of_order");
    ASSERT_EQ(location.bindings(bob).size(), 1u);
    Location::Update all{
        .call_id = "c1", .cseq = 4, .flow = {}, .user_agent = {}, .remove_all = true, .changes = {}};
    EXPECT_EQ(location.apply(bob, all).error().code, "out_of_order");
    EXPECT_TRUE(put({contact("sip:1@h", 0)}, 1, "after a restart of the phone").ok());
}

TEST_F(LocationTest, BindingsAndRecordsAreLimited) {
    ASSERT_TRUE(put({contact("sip:1@h"), contact("sip:2@h"), contact("sip:3@h")}).ok());
    EXPECT_EQ(put({contact("sip:4@h")}).error().code, "too_many");
    EXPECT_TRUE(put({contact("sip:1@h", 0), contact("sip:4@h")}).ok());
    const Location::Update update{
        .call_id = "x", .cseq = 1, .flow = {}, .user_agent = {}, .changes = {contact("sip:1@h")}};
    EXPECT_TRUE(location.apply("102@demo.local", update).ok());
    EXPECT_EQ(location.apply("103@demo.local", update).error().code, "too_many");
}

TEST_F(LocationTest, WhoListensHearsWhenANumberComesAndGoes) {
    std::vector<std::string> heard;
    location.on_change(
        [&](const std::string& record, bool there) { heard.push_back(record + (there ? "+" : "-")); });
    ASSERT_TRUE(put({contact("sip:1@h", 60)}).ok());
    ASSERT_TRUE(put({contact("sip:2@h", 90)}).ok());
    pass(Seconds{60});
    pass(Seconds{30});
    EXPECT_EQ(heard, (std::vector<std::string>{bob + "+", bob + "-"}));
}

TEST_F(LocationTest, RestoringSkipsWhatHasExpired) {
    Binding binding;
    binding.contact = "sip:1@h";
    binding.expires = clock.now();
    location.restore(bob, binding);
    EXPECT_FALSE(location.reachable(bob));
    binding.expires += Seconds{10};
    location.restore(bob, binding);
    EXPECT_TRUE(location.reachable(bob));
    pass(Seconds{10});
    EXPECT_FALSE(location.reachable(bob));
}

TEST(AddressOfRecord, TheDomainIsWrittenInLowerCase) {
    EXPECT_EQ(address_of_record("101", "Demo.LOCAL"), "101@demo.local");
}

}  // namespace
}  // namespace patchbay::sip
