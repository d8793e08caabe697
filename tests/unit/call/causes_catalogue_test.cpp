#include <string>

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "call/cause.hpp"

namespace patchbay::call {
namespace {

TEST(CausesCatalogue, SaysWhatTheTableInCodeSays) {
    const auto catalogue = YAML::LoadFile(PATCHBAY_SOURCE_DIR "/spec/causes.yaml");
    EXPECT_EQ(catalogue.size(), all_causes().size());
    for (const auto& cause : all_causes()) {
        const auto entry = catalogue[std::string(cause.slug)];
        ASSERT_TRUE(entry) << cause.slug;
        EXPECT_EQ(entry["by"].as<std::string>(), word(cause.by)) << cause.slug;
        EXPECT_EQ(entry["sip"].as<int>(), cause.sip) << cause.slug;
        EXPECT_EQ(entry["q850"].as<int>(), cause.q850) << cause.slug;
        EXPECT_FALSE(entry["means"].as<std::string>().empty()) << cause.slug;
    }
}

}  // namespace
}  // namespace patchbay::call
