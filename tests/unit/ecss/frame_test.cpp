#include "ecss/frame.hpp"

#include "base/text.hpp"
#include "fakes.hpp"

namespace patchbay::ecss {
namespace {

RequestFrame request(std::string_view message) {
    const auto parsed = parse_request(message);
    const auto* frame = std::get_if<RequestFrame>(&parsed);
    EXPECT_NE(frame, nullptr) << std::get<FrameFault>(parsed).text;
    return frame == nullptr ? RequestFrame{} : *frame;
}

FrameFault fault(std::string_view message) {
    const auto parsed = parse_request(message);
    const auto* found = std::get_if<FrameFault>(&parsed);
    EXPECT_NE(found, nullptr) << message;
    return found == nullptr ? FrameFault{} : *found;
}

// What the original's manual says of each frame, and what its minified JSON makes of it. The lengths of
// call_unhold are printed 2 short: its page was made from that of call_hold.
TEST(Frame, RequestsOfTheManualGetTheLengthsThatItPrints) {
    for (const auto& [name, printed_length, length] :
         {std::tuple{"call_unattended_transfer.request", 218U, 218U},
          {"operator_call_history.request", 159U, 159U},
          {"call_unhold.request", 185U, 187U}}) {
        const auto text = printed(name);
        const auto frame = request(text);
        EXPECT_EQ(to_number(std::string_view(text).substr(2, 10)), printed_length);
        const auto wire = request_frame(frame.id, frame.command, minified(text));
        EXPECT_EQ(wire.size(), length) << name;
        EXPECT_EQ(wire.substr(0, 12),
                  "01" + std::string(10 - std::to_string(length).size(), '0') + std::to_string(length));
        EXPECT_FALSE(request(wire).wrong_length);
        EXPECT_EQ(request(wire).command, frame.command);
        EXPECT_EQ(wire[48], '[');
    }
}

TEST(Frame, ResponsesOfTheManualGetTheLengthsThatItPrints) {
    for (const auto& [name, id, length] : {std::tuple{"call_unattended_transfer.response", "0013", 231U},
                                           {"operator_call_history.response", "0012", 5810U},
                                           {"call_unhold.response", "0019", 218U}}) {
        const auto text = printed(name);
        const auto wire = response_frame(id, 200, minified(text));
        EXPECT_EQ(wire.size(), length) << name;
        EXPECT_EQ(to_number(std::string_view(wire).substr(2, 10)), length);
        if (length != 218U) {
            EXPECT_EQ(wire.substr(0, 19), text.substr(0, 19));
        }
    }
}

TEST(Frame, LengthIsInBytesNotInCharacters) {
    const auto frame = response_frame("0001", 200, "[\"\xD0\x90\xD0\xBD\xD0\xBD\xD0\xB0\"]");
    EXPECT_EQ(frame.substr(0, 12), "010000000031");
    EXPECT_EQ(frame.size(), 31U);
}

TEST(Frame, PaddingIsCountedInBytesToo) {
    EXPECT_EQ(request_frame("0001", "\xD0\x90", "[]").size(), 50U);
}

TEST(Frame, IsReadAsTheManualPrintsIt) {
    const auto text = printed("call_unhold.request");
    const auto frame = request(text);
    EXPECT_EQ(frame.id, "0019");
    EXPECT_EQ(frame.command, "call_unhold");
    EXPECT_TRUE(frame.json.starts_with("[\n"));
    EXPECT_TRUE(frame.wrong_length);
}

TEST(Frame, CommandMayBePaddedWithSpacesOrNuls) {
    for (const char padding : {' ', '\0'}) {
        std::string message =
            "010000000050"
            "0007"
            "call_hold";
        message.resize(48, padding);
        message += "[]";
        const auto frame = request(message);
        EXPECT_EQ(frame.command, "call_hold");
        EXPECT_EQ(frame.json, "[]");
        EXPECT_FALSE(frame.wrong_length);
    }
}

TEST(Frame, CommandOf32BytesNeedsNoPadding) {
    const std::string command(32, 'c');
    EXPECT_EQ(request(request_frame("0001", command, "[]")).command, command);
}

TEST(Frame, WrongLengthIsForgivenAndSeen) {
    EXPECT_TRUE(request("0100000000100001call_hold []").wrong_length);
    EXPECT_TRUE(request("0199999999990001call_hold []").wrong_length);
    EXPECT_FALSE(request("0100000000280001call_hold []").wrong_length);
}

TEST(Frame, FaultsAreNamedAndKeepTheIdThatCanBeAnswered) {
    EXPECT_EQ(fault("").slug, "version");
    EXPECT_EQ(fault("02000000002800"
                    "01call_hold []")
                  .slug,
              "version");
    EXPECT_EQ(fault("010000000028").slug, "short_header");
    EXPECT_EQ(fault("010000000028x001call_hold []").slug, "id");
    EXPECT_EQ(fault("010000000028x001call_hold []").id, "");
    EXPECT_EQ(fault("01000000002x0001call_hold []").slug, "length");
    EXPECT_EQ(fault("01000000002x0001call_hold []").id, "0001");
    EXPECT_EQ(fault("0100000000160001").slug, "no_command");
    EXPECT_EQ(fault("0100000000180001[]").slug, "no_command");
    EXPECT_EQ(fault("0100000000180001" + std::string(33, 'c') + "[]").slug, "long_command");
}

TEST(Frame, WithoutJsonIsStillAFrame) {
    EXPECT_EQ(request("0100000000250001call_hold").json, "");
}

}  // namespace
}  // namespace patchbay::ecss
