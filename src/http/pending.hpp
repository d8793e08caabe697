// An answer that is still owed. Private to http/.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "http/door.hpp"
#include "http/http.hpp"

namespace patchbay::http {

class Connection;

/// Any thread. Answers once; when it goes unanswered, it answers 500.
class Pending {
  public:
    Pending(std::shared_ptr<Door> door, std::weak_ptr<Connection> connection, std::uint64_t exchange);
    ~Pending();
    Pending(const Pending&) = delete;
    Pending& operator=(const Pending&) = delete;

    void answer(Response response);

  private:
    const std::shared_ptr<Door> door_;
    const std::weak_ptr<Connection> connection_;
    const std::uint64_t exchange_;
    const std::thread::id home_ = std::this_thread::get_id();
    std::atomic<bool> answered_{false};
};

}  // namespace patchbay::http
