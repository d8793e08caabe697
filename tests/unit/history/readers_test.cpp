#include "history/readers.hpp"

#include <future>
#include <latch>

#include <gtest/gtest.h>

namespace patchbay::history {
namespace {

// Answers when it is let.
class SlowStore final : public Store {
  public:
    Result<Done> write(std::span<const Cdr>, std::uint64_t) override { return Done{}; }
    Result<std::uint64_t> journal_offset() override { return std::uint64_t{0}; }
    Result<bool> forget(Time) override { return false; }
    Result<Page> query(const Filter& filter) override {
        asked.count_down();
        may_answer.wait();
        Page page;
        page.more = filter.domain == "demo.local";
        return page;
    }
    std::latch asked{1}, may_answer{1};
};

TEST(Readers, answer_on_a_thread_of_their_own) {
    SlowStore store;
    Readers readers(store, 1);
    std::promise<std::pair<bool, std::thread::id>> answered;
    Filter filter;
    filter.domain = "demo.local";
    readers.query(filter, [&](Result<Page> page) {
        answered.set_value({page && page->more, std::this_thread::get_id()});
    });
    store.may_answer.count_down();
    const auto [more, thread] = answered.get_future().get();
    EXPECT_TRUE(more);
    EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(Readers, refuse_at_once_when_too_much_waits_and_answer_everybody_at_the_end) {
    SlowStore store;
    int answered = 0, refused = 0;
    {
        Readers readers(store, 1, 1);
        std::mutex mutex;
        const auto count = [&](const Result<Page>& page) {
            const std::scoped_lock lock(mutex);
            if (page) ++answered;
            if (!page && page.error().code == "overloaded") ++refused;
        };
        readers.query({}, count);
        store.asked.wait();  // the only thread has it: the next one waits, the third is too much
        readers.query({}, count);
        EXPECT_EQ(refused, 0);
        readers.query({}, count);
        EXPECT_EQ(refused, 1);
        store.may_answer.count_down();
    }
    EXPECT_EQ(answered + refused, 3);
}

}  // namespace
}  // namespace patchbay::history
