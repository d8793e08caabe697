// A small pool of threads that ask the store, so that nobody else waits for it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "history/store.hpp"

namespace patchbay::history {

/// Queries that wait when it goes are answered with error `overloaded`. The store must outlive it.
class Readers final : public Reader {
  public:
    /// `most_waiting`: past so many waiting queries new ones are refused.
    explicit Readers(Store& store, int threads = 2, std::size_t most_waiting = 256);
    ~Readers() override;
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

    void query(Filter filter, std::function<void(Result<Page>)> done) override;

  private:
    struct Question {
        Filter filter;
        std::function<void(Result<Page>)> done;
    };

    void run();

    Store& store_;
    const std::size_t most_waiting_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Question> waiting_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace patchbay::history
