#include "config/load.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "config/reference.hpp"

namespace patchbay::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems_of(std::string_view yaml) {
    std::vector<std::string> texts;
    for (const auto& problem : load_text(yaml, "file.yaml").problems) texts.push_back(problem.text());
    return texts;
}

constexpr auto small = "domains: { a.test: { extensions: [ { id: 1, number: '101', password: p } ] } }\n";

TEST(Load, AFolderIsNoFile) {
    EXPECT_THAT(load_file("/tmp").problems.front().text(), HasSubstr("/tmp: is a folder, expected a file"));
    EXPECT_THAT(
        problems_of(
            "domains: { a.test: { extensions: [ { id: 1, number: '101', password: 'file:/tmp' } ] } }"),
        testing::Contains(HasSubstr("'/tmp' is a folder")));
}

TEST(Load, TheDemoFileIsRight) {
    const auto loaded = load_file(PATCHBAY_SOURCE_DIR "/config/demo.yaml");
    ASSERT_TRUE(loaded.config) << loaded.problems.front().text();
    const auto* domain = loaded.config->domain("DEMO.local");
    ASSERT_TRUE(domain);
    EXPECT_EQ(domain->extensions.size(), 6U);
    EXPECT_EQ(domain->operator_at("101")->name, "Анна");
    EXPECT_TRUE(domain->operator_by_id("101")->supervisor);
    EXPECT_EQ(domain->trunk("loopback")->outbound.front().prefix, "9");
}

TEST(Load, TheSampleIsRight) {
    const auto loaded = load_text(sample(), "sample");
    ASSERT_TRUE(loaded.config) << loaded.problems.front().text();
    EXPECT_EQ(loaded.config->sip.udp->port, 5060);
}

TEST(Load, WhatIsNotSetHasItsDefault) {
    const auto loaded = load_text(small, "file.yaml");
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->http.listen.port, 8086);
    EXPECT_EQ(loaded.config->sip.tcp->port, 5060);
    EXPECT_EQ(loaded.config->domains.front().client_id, 1);
}

TEST(Load, AnUnknownSettingIsNamedWithItsLine) {
    EXPECT_THAT(
        problems_of(std::string(small) + "sip:\n  upd: 127.0.0.1:5060\n"),
        ElementsAre(AllOf(HasSubstr("file.yaml:3: sip.upd: unknown setting"), HasSubstr("udp, tcp"))));
}

TEST(Load, AWrongValueSaysWhatWasExpected) {
    EXPECT_THAT(problems_of(std::string(small) + "media: { ports: 9-3 }\nhttp: { listen: nowhere }\n"),
                ElementsAre(HasSubstr("file.yaml:2: media.ports: expected a range"),
                            HasSubstr("file.yaml:3: http.listen: expected address:port")));
}

TEST(Load, AMissingSettingIsNamed) {
    EXPECT_THAT(problems_of("domains: { a.test: { extensions: [ { id: 1, number: '101' } ] } }"),
                ElementsAre(HasSubstr("domains.a.test.extensions[0].password: is missing")));
}

TEST(Load, BrokenYamlSaysWhere) {
    EXPECT_THAT(problems_of("sip: { udp: [\n"), ElementsAre(HasSubstr("no valid YAML")));
}

TEST(Load, AFileThatIsNotThereIsOneProblem) {
    EXPECT_EQ(load_file("/nowhere/x.yaml").problems.front().text(), "/nowhere/x.yaml: cannot be read");
}

TEST(Load, ContradictionsAreFound) {
    EXPECT_THAT(problems_of(R"(
domains:
  a.test:
    extensions:
      - { id: 1, number: "101", password: p }
      - { id: 1, number: "101", password: p }
      - { id: 2, number: "705", password: p }
    operators:
      - { id: x, password: p, number: "999" }
)"),
                ElementsAre(HasSubstr(":6: domains.a.test.extensions[1].id: another extension"),
                            HasSubstr("extensions[1].number: another extension"),
                            HasSubstr("extensions[2].number: is a parking slot"),
                            HasSubstr("operators[0].number: no extension has this number")));
}

TEST(Load, SecretsComeFromTheEnvironment) {
    ::setenv("PATCHBAY_TEST_SECRET", "from-outside", 1);
    const auto yaml =
        "domains: { a.test: { extensions: [ { id: 1, number: '1', password: 'env:PATCHBAY_TEST_SECRET' } ] } "
        "}";
    EXPECT_EQ(load_text(yaml, "x").config->domains.front().extensions.front().password, "from-outside");
    ::unsetenv("PATCHBAY_TEST_SECRET");
    EXPECT_THAT(problems_of(yaml), ElementsAre(HasSubstr("the environment has no 'PATCHBAY_TEST_SECRET'")));
}

TEST(Load, TlsNeedsACertificate) {
    EXPECT_THAT(problems_of(std::string(small) + "sip: { tls: 127.0.0.1:5061 }"),
                ElementsAre(HasSubstr("sip.tls: needs sip.tls_files")));
}

TEST(Reference, IsThePageOfTheManual) {
    std::ifstream page(PATCHBAY_SOURCE_DIR "/docs/manual/settings.md");
    const std::string text{std::istreambuf_iterator<char>(page), {}};
    EXPECT_EQ(text, reference()) << "run: patchbay reference > docs/manual/settings.md";
}

TEST(Reference, NamesEveryPart) {
    EXPECT_THAT(reference(), AllOf(HasSubstr("## sip"), HasSubstr("`calls_per_second_limit`"),
                                   HasSubstr("## domains.NAME.trunks[].outbound[]")));
}

// A domain with that queue, and media with those sounds.
std::string queue_with(const std::string& settings, const std::string& sounds) {
    return "media: { sounds: {" + sounds + "} }\n" +
           "domains: { a.test: { queues: [ { id: q, number: '600', " + settings + " } ] } }\n";
}

TEST(Load, AQueuesSoundsMustBeThere) {
    EXPECT_THAT(problems_of(queue_with("music: waltz", "jazz: j.wav")),
                ElementsAre(HasSubstr("queues[0].music: there is no such sound in media.sounds")));
    EXPECT_THAT(problems_of(queue_with("welcome: [jazz, hello]", "jazz: j.wav")),
                ElementsAre(HasSubstr("queues[0].welcome: 'hello': there is no such sound")));
    EXPECT_THAT(problems_of(queue_with("music: jazz, welcome: [jazz]", "jazz: j.wav")), IsEmpty());
}

TEST(Load, WhatAQueueCannotAnnounceIsAWarning) {
    std::string digits;
    for (int digit = 1; digit <= 9; ++digit) digits += "number." + std::to_string(digit) + ": d.wav, ";
    const auto warnings = [](const std::string& yaml) {
        const auto loaded = load_text(yaml, "file.yaml");
        EXPECT_TRUE(loaded.config);
        std::vector<std::string> texts;
        for (const auto& warning : loaded.warnings) texts.push_back(warning.text());
        return texts;
    };
    EXPECT_THAT(warnings(queue_with("announce: position", digits)),
                ElementsAre("file.yaml:2: domains.a.test.queues[0].announce: not all of it can be said: "
                            "media.sounds has no queue.position, number.0"));
    EXPECT_THAT(warnings(queue_with("announce: both", digits + "number.0: d.wav, queue.position: p.wav")),
                ElementsAre(HasSubstr("has no queue.wait, queue.minutes")));
    EXPECT_THAT(warnings(queue_with("announce: wait", "number.0: d.wav, queue.wait: w, queue.minutes: m")),
                ElementsAre(HasSubstr("has no number.1, number.2, number.3")));
    EXPECT_THAT(warnings(queue_with("announce: none", "")), IsEmpty());
    EXPECT_THAT(warnings(queue_with("announce: position", digits + "number.0: d, queue.position: p")),
                IsEmpty());
}

TEST(Load, GainIsADecibelFigureWithinReason) {
    const auto with = [](const std::string& gain) {
        return "domains: { a.test: { extensions: [ { id: 1, number: '101', password: p, gain: " + gain +
               " } ] } }\n";
    };
    EXPECT_EQ(load_text(with("-7"), "file.yaml").config->domains.front().extensions.front().gain, -7);
    EXPECT_THAT(problems_of(with("21")), ElementsAre(HasSubstr("gain")));
    EXPECT_THAT(problems_of(with("-21")), ElementsAre(HasSubstr("gain")));
}

}  // namespace
}  // namespace patchbay::config
