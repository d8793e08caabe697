// The documented operator_call_history exchange, whole: the events of its eleven calls, folded into CDRs,
// kept in a store, asked for by the printed request, answered by the printed frame.
#include "fakes.hpp"
#include "history/sqlite_store.hpp"
#include "unit/history/documented_calls.hpp"
#include "unit/history/temporary_folder.hpp"

namespace patchbay::ecss {
namespace {

Node& tagged(Node& out) {
    return out.content.at(0).content.at(0);
}

std::string& attribute(Node& node, std::string_view name) {
    const auto found = std::ranges::find(node.attributes, name, &std::pair<std::string, std::string>::first);
    if (found == node.attributes.end()) throw std::runtime_error("no attribute " + std::string(name));
    return found->second;
}

TEST_F(Desk, TheDocumentedHistoryComesFromItsCallsToThePrintedFrame) {
    testing::TemporaryFolder folder;
    history::SqliteStore store(folder.file("history.db"));
    ASSERT_TRUE(history::write_documented(store));
    history.store = &store;
    auto client = connect(basic("102", "secret102"));
    client.take();
    client.send(printed("operator_call_history.request"));
    const auto frames = client.take();
    ASSERT_EQ(frames.size(), 1U);
    const auto& frame = frames[0];
    const auto wanted = printed("operator_call_history.response");
    EXPECT_EQ(frame.substr(0, 2), "01");
    EXPECT_EQ(std::stoul(frame.substr(2, 10)), frame.size());
    EXPECT_EQ(frame.substr(12, 7), wanted.substr(12, 7));

    // The tag is the server's own business: it holds where the next page begins, and its proof.
    auto answered = node_from_json(frame.substr(19));
    auto documented = node_from_json(wanted.substr(wanted.find('[')));
    ASSERT_TRUE(answered && documented);
    auto& tag = attribute(tagged(*answered), "tag");
    EXPECT_FALSE(tag.empty());
    tag = attribute(tagged(*documented), "tag");
    EXPECT_EQ(json_from_node(*answered), minified(wanted));
}

}  // namespace
}  // namespace patchbay::ecss
