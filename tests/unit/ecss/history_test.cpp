// operator_call_history: the manual's records come out equal, every filter goes in, and tags page.
#include <fmt/format.h>
#include <unistd.h>

#include "ecss/answers.hpp"
#include "ecss/history_filter.hpp"
#include "ecss/xml.hpp"
#include "fakes.hpp"

namespace patchbay::ecss {
namespace {

const Node& path(const Node& node, std::initializer_list<std::string_view> names) {
    const Node* at = &node;
    for (const auto name : names) at = at->child(name);
    return *at;
}

Time time_of(std::string_view text) {
    return text.empty() ? Time{} : *parse_date_time(text, '/');
}

// The call that a printed record describes. Where talk and duration differ by one, the fractions of the
// seconds did it: the call was answered late in its second.
history::Cdr cdr_of(const Node& record, std::uint64_t leg) {
    history::Cdr cdr;
    cdr.leg = LegId{leg};
    cdr.call = *CallRef::parse(record.attribute("call_ref"));
    cdr.domain = "demo.local";
    cdr.direction = record.attribute("direction") == "in" ? call::Direction::in : call::Direction::out;
    cdr.number = record.attribute("digits");
    cdr.remote_number = record.attribute("remote_digits");
    cdr.remote_display_name = record.attribute("remote_display_name");
    cdr.started = time_of(record.attribute("start_time"));
    cdr.answered = time_of(record.attribute("answer_time"));
    cdr.released = time_of(record.attribute("release_time"));
    if (record.attribute("talk_duration") != record.attribute("duration")) cdr.answered += Milliseconds{700};
    const auto reason = record.attribute("release_reason");
    cdr.released_by = reason == "released_by_a"   ? history::ReleasedBy::a
                      : reason == "released_by_b" ? history::ReleasedBy::b
                                                  : history::ReleasedBy::system;
    return cdr;
}

TEST(HistoryAnswer, RecordsOfTheManualComeOutEqualToTheByte) {
    const auto text = printed("operator_call_history.response");
    const auto expected = minified(text);
    const auto out = node_from_json(expected);
    ASSERT_TRUE(out);
    const Node& response = path(*out, {"response"});
    const Node& list = path(response, {"history"});
    ASSERT_EQ(list.content.size(), 11U);
    std::vector<history::Cdr> records;
    for (const auto& record : list.content) records.push_back(cdr_of(record, 100 - records.size()));

    const auto answer =
        history_answer(records, list.attribute("tag"), time_of(response.attribute("timestamp")));
    const auto frame = response_frame("0012", answer.status, json_from_node(answer.out));
    EXPECT_EQ(frame.size(), 5810U);
    EXPECT_EQ(frame.substr(0, 19), text.substr(0, 19));
    // Attributes of one node in the manual's order, so equal texts: but for the order of tag, timestamp and
    // so on, which have one attribute each.
    EXPECT_EQ(frame.substr(19), expected);
}

TEST(HistoryAnswer, QueueAndRecordingsAppearWhenThereAreSome) {
    history::Cdr cdr;
    cdr.queue_id = "sales";
    cdr.urls = {"http://127.0.0.1/1.wav", "http://127.0.0.1/2.wav"};
    cdr.started = cdr.released = time_of("2020/12/10 14:20:50");
    const auto xml = xml_from_node(history_answer({&cdr, 1}, {}, {}).out);
    EXPECT_NE(xml.find(R"(queue_id="sales")"), std::string::npos);
    EXPECT_NE(xml.find(R"(call_record="http://127.0.0.1/1.wav")"), std::string::npos);
    EXPECT_NE(
        xml.find(
            R"(<url_list><url value="http://127.0.0.1/1.wav"/><url value="http://127.0.0.1/2.wav"/></url_list>)"),
        std::string::npos);
    EXPECT_EQ(xml.find("tag="), std::string::npos);
    const auto fits = node_from_xml(Schemas(schema_folder()), "operator_call_history", xml);
    EXPECT_TRUE(fits) << (fits ? "" : fits.error().text);
}

class History : public Desk {
  protected:
    http::Response ask(const std::string& attributes, const std::string& who = "101") {
        return post("operator_call_history", "<in><request><filters " + attributes + "/></request></in>",
                    basic(who, "secret" + who));
    }
    static std::string tag_of(const http::Response& answer) {
        const auto at = answer.body.find("tag=\"");
        if (at == std::string::npos) return {};
        return answer.body.substr(at + 5, answer.body.find('"', at + 5) - at - 5);
    }
    void answer_with_one_record() {
        history::Cdr cdr;
        cdr.leg = LegId{a_leg};
        cdr.started = time_of("2020/12/10 14:07:56") + Milliseconds{250};
        cdr.released = cdr.started;
        history.page = history::Page{{cdr}, true};
    }
};

TEST_F(History, EveryFilterReachesTheStore) {
    const auto answer =
        ask(R"(offset="5" limit="20" from_date="2020/12/10 14:00:00" to_date="2020/12/10 15:00:00" number="1"
        from_number="2" to_number="3" cc_agent_group="4" cc_agent_a_group="5" cc_agent_b_group="6" cc_agent_id="7"
        cc_agent_a_id="8" cc_agent_b_id="9" display_name="10" display_name_a="11" display_name_b="12"
        skip_incomplete="false" direction="out")");
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find(R"(<response timestamp="2020/12/10 14:25:53"><history/></response>)"),
              std::string::npos)
        << answer.body;
    const auto& filter = history.filters.at(0);
    EXPECT_EQ(filter.domain, "demo.local");
    EXPECT_EQ(filter.operator_id, "101");
    EXPECT_EQ(filter.offset, 5);
    EXPECT_EQ(filter.limit, 20);
    EXPECT_EQ(filter.from, time_of("2020/12/10 14:00:00"));
    EXPECT_EQ(filter.to, time_of("2020/12/10 15:00:00") + Milliseconds{999});
    const std::pair<std::string, std::string> texts[] = {
        {filter.number, "1"},        {filter.from_number, "2"},     {filter.to_number, "3"},
        {filter.group, "4"},         {filter.group_a, "5"},         {filter.group_b, "6"},
        {filter.agent, "7"},         {filter.agent_a, "8"},         {filter.agent_b, "9"},
        {filter.display_name, "10"}, {filter.display_name_a, "11"}, {filter.display_name_b, "12"}};
    for (const auto& [value, expected] : texts) EXPECT_EQ(value, expected);
    EXPECT_FALSE(filter.skip_incomplete);
    EXPECT_EQ(filter.direction, call::Direction::out);
    EXPECT_FALSE(filter.after);
}

TEST_F(History, WithoutFiltersIncompleteCallsAreSkipped) {
    EXPECT_EQ(ask(R"(limit=" +50 ")").status, 200);
    EXPECT_TRUE(history.filters.at(0).skip_incomplete);
    EXPECT_FALSE(history.filters.at(0).direction);
    EXPECT_EQ(history.filters.at(0).limit, 50);
    EXPECT_EQ(ask(R"(limit="50" skip_incomplete="0")").status, 200);
    EXPECT_FALSE(history.filters.at(1).skip_incomplete);
}

TEST_F(History, ALimitAboveTheMostCountsAsTheMost) {
    for (const std::string limit : {"1000", "1001", "99999999999999999999999"})
        EXPECT_EQ(ask(fmt::format(R"(limit="{}")", limit)).status, 200);
    for (const auto& filter : history.filters) EXPECT_EQ(filter.limit, 1000);
    EXPECT_EQ(history.filters.size(), 3U);
}

TEST_F(History, WrongValuesAreSaidClearly) {
    const auto wrong = [&](const std::string& attributes, const std::string& text) {
        const auto answer = ask(attributes);
        EXPECT_EQ(answer.status, 400) << attributes;
        EXPECT_NE(answer.body.find(text), std::string::npos) << answer.body;
    };
    wrong("", "The attribute 'limit' is required but missing.");
    wrong(R"(limit="0")", "attribute 'limit'");
    wrong(R"(limit="50" offset="-1")", "attribute 'offset'");
    wrong(R"(limit="50" offset="100001")", "attribute 'offset'");
    wrong(R"(limit="50" direction="both")", "attribute 'direction'");
    wrong(R"(limit="50" skip_incomplete="yes")", "attribute 'skip_incomplete'");
    wrong(R"(limit="50" from_date="yesterday")",
          "attribute 'from_date': 'yesterday' is no date of the form YYYY/MM/DD HH:MM:SS.");
    wrong(R"(limit="50" to_date="2020/02/30 00:00:00")", "attribute 'to_date'");
    EXPECT_TRUE(history.filters.empty());
}

TEST_F(History, TagContinuesAfterTheLastRecordWithTheSameFilters) {
    answer_with_one_record();
    const auto first = ask(R"(limit="1" number="104" skip_incomplete="false" offset="3")");
    const auto tag = tag_of(first);
    ASSERT_FALSE(tag.empty());
    EXPECT_EQ(ask(fmt::format(R"(limit="7" tag="{}")", tag)).status, 200);
    const auto& filter = history.filters.at(1);
    ASSERT_TRUE(filter.after);
    EXPECT_EQ(filter.after->started, time_of("2020/12/10 14:07:56") + Milliseconds{250});
    EXPECT_EQ(filter.after->leg, LegId{a_leg});
    EXPECT_EQ(filter.number, "104");
    EXPECT_FALSE(filter.skip_incomplete);
    EXPECT_EQ(filter.limit, 7);
    EXPECT_EQ(filter.offset, 0);
}

TEST_F(History, TagOfAnEmptyPageIsTheOneThatWasGiven) {
    answer_with_one_record();
    const auto tag = tag_of(ask(R"(limit="1")"));
    history.page = history::Page{};
    EXPECT_EQ(tag_of(ask(fmt::format(R"(limit="1" tag="{}")", tag))), tag);
    EXPECT_EQ(tag_of(ask(R"(limit="1")")), "");
}

TEST_F(History, ForgedOrForeignTagIsRefused) {
    answer_with_one_record();
    const auto tag = tag_of(ask(R"(limit="1")"));
    history.filters.clear();
    const auto refused = [&](const std::string& given, const std::string& who) {
        const auto answer = ask(fmt::format(R"(limit="1" tag="{}")", given), who);
        EXPECT_EQ(answer.status, 400);
        EXPECT_NE(answer.body.find("The tag was not made by this server for this operator"),
                  std::string::npos);
    };
    refused(tag, "102");
    refused("nonsense", "101");
    refused("g2gEZAADdGFnZAAHaGlzdG9yeWgCZAAIZGF0ZXRpbWVoAmgDYgAAB+RhDGEKaANhDmEHYTg=", "101");
    auto bytes = *from_base64(tag);
    for (std::size_t i = 0; i < bytes.size(); i += 7) {
        auto changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        refused(base64(changed), "101");
    }
    EXPECT_TRUE(history.filters.empty());
}

TEST_F(History, TagOfAnotherSecretIsStale) {
    answer_with_one_record();
    const HistoryTags other("another secret");
    const auto query =
        other.read(Node{"filters", {{"limit", "1"}}, {}}, "demo.local", "101", "operator_call_history");
    ASSERT_TRUE(query);
    EXPECT_EQ(ask(fmt::format(R"(limit="1" tag="{}")", other.write(*query, history::Cdr{}))).status, 400);
}

TEST_F(History, TagsSurviveARestartWithTheirKeptKey) {
    key_file = std::filesystem::temp_directory_path() / fmt::format("history-{}.key", ::getpid());
    router = make_router();
    answer_with_one_record();
    const auto tag = tag_of(ask(R"(limit="1")"));
    router = make_router();
    EXPECT_EQ(ask(fmt::format(R"(limit="1" tag="{}")", tag)).status, 200);
    std::filesystem::remove(key_file);
    router = make_router();
    EXPECT_EQ(ask(fmt::format(R"(limit="1" tag="{}")", tag)).status, 400);
    std::filesystem::remove(key_file);
}

TEST_F(History, RefusalOfTheStoreIsTheDocumentedError) {
    history.page = Error{"overloaded", "Too many queries wait."};
    const auto answer = ask(R"(limit="1")");
    EXPECT_EQ(answer.status, 403);
    EXPECT_NE(answer.body.find(R"(reason="cannot_perform_cmd" body="Too many queries wait.")"),
              std::string::npos);
}

}  // namespace
}  // namespace patchbay::ecss
