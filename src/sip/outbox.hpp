// Datagrams that Sofia sends while many messages come, kept for a moment and sent together: each one sent by
// itself wakes whoever waits for it, which costs more than the datagram (decision 041). Switch thread.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <string>

#include <sys/socket.h>

namespace patchbay::sip {

/// Takes what the thread's Sofia sends while a Gathering lives.
class Outbox {
  public:
    Outbox() = default;
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    /// While it lives, what Sofia sends on this thread goes to the outbox. Then all is sent.
    class Gathering {
      public:
        explicit Gathering(Outbox& outbox);
        ~Gathering();
        Gathering(const Gathering&) = delete;
        Gathering& operator=(const Gathering&) = delete;

      private:
        Outbox& outbox_;
    };

    /// The outbox that gathers on this thread; none: nothing is gathered.
    static Outbox* current();

    /// Keeps a copy. False when the datagram has to go by itself: to where one did not go last time, so that
    /// Sofia hears why.
    bool put(int socket, const msghdr& datagram);

  private:
    static constexpr std::size_t capacity = 64;  ///< datagrams sent by one call
    struct Datagram {
        int socket = -1;
        sockaddr_storage to{};
        socklen_t to_size = 0;
        std::string bytes;
    };
    void flush();
    std::size_t send_from(std::size_t first);
    bool is_refused(const msghdr& datagram);

    std::array<Datagram, capacity> waiting_;  ///< the first `count_`; strings keep their memory
    std::size_t count_ = 0;
    std::deque<std::string> refused_;  ///< addresses that the kernel did not send to, newest last
};

}  // namespace patchbay::sip
