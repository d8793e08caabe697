#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

// RFC 4648, section 10.
TEST(Base64, WritesTheVectorsOfTheRfcAndReadsThemBack) {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(base64(bytes), text);
        EXPECT_EQ(from_base64(text), bytes);
    }
}

TEST(Base64, KeepsEveryByte) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    EXPECT_EQ(from_base64(base64(bytes)), bytes);
}

TEST(Base64, RefusesWhatIsNotBase64) {
    for (const std::string_view text :
         {"Zg=", "Zg", "Z===", "====", "Zh==", "Zm9=", "Zm 9", "Zg==Zg==", "Zm-v"}) {
        EXPECT_FALSE(from_base64(text)) << text;
    }
}

}  // namespace
}  // namespace patchbay
