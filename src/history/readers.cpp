#include "history/readers.hpp"

#include <chrono>
#include <utility>

#include "base/metrics.hpp"

namespace patchbay::history {
namespace {

Error overloaded() {
    return {"overloaded", "too many history queries are waiting; try again later"};
}

metrics::Histogram& query_seconds() {
    static auto& seconds =
        metrics::histogram("patchbay_history_query_seconds", "Time that a history query ran",
                           {0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1, 5});
    return seconds;
}

}  // namespace

Readers::Readers(Store& store, int threads, std::size_t most_waiting)
    : store_(store), most_waiting_(most_waiting) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Readers::~Readers() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
    for (auto& question : waiting_) question.done(overloaded());
}

void Readers::query(Filter filter, std::function<void(Result<Page>)> done) {
    std::unique_lock lock(mutex_);
    if (stopping_ || waiting_.size() >= most_waiting_) {
        lock.unlock();
        static auto& refused = metrics::counter("patchbay_history_queries_refused_total",
                                                "History queries refused because too many were waiting");
        refused.add();
        done(overloaded());
        return;
    }
    waiting_.push_back({std::move(filter), std::move(done)});
    changed_.notify_one();
}

void Readers::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        const auto question = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        const auto begin = std::chrono::steady_clock::now();
        auto page = store_.query(question.filter);
        query_seconds().observe(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        question.done(std::move(page));
        lock.lock();
    }
}

}  // namespace patchbay::history
