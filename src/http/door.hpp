// The way into a worker's thread for everybody else. Outlives the worker: what comes later is dropped.
#pragma once

#include <functional>
#include <mutex>
#include <thread>

namespace boost::asio {
class io_context;
}

namespace patchbay::http {

/// Any thread.
class Door {
  public:
    explicit Door(boost::asio::io_context& context) : context_(&context) {}

    /// Has `action` run on the worker's thread; false when there is no worker any more.
    bool post(std::function<void()> action);
    /// After it nothing is let in. The worker calls it before its io_context goes.
    void shut();

  private:
    std::mutex mutex_;
    boost::asio::io_context* context_;
};

}  // namespace patchbay::http
