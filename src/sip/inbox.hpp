// Datagrams of our SIP/UDP socket, taken from the kernel together while many come and handed to Sofia one by
// one: by itself Sofia asks the kernel four times for each (decision 041). Switch thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include <sys/socket.h>

namespace patchbay::sip {

/// Sofia reads that socket through it while a Reading lives.
class Inbox {
  public:
    static constexpr std::size_t capacity = 32;  ///< datagrams taken together

    /// `socket`: Sofia's.
    explicit Inbox(int socket);
    ~Inbox();
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    /// Takes what waits in the kernel, without waiting for it. While it lives, Sofia gets that on this
    /// thread; what Sofia left is lost.
    class Reading {
      public:
        explicit Reading(Inbox& inbox);
        ~Reading();
        Reading(const Reading&) = delete;
        Reading& operator=(const Reading&) = delete;
        /// How many datagrams were taken.
        std::size_t count() const { return inbox_.count_; }

      private:
        Inbox& inbox_;
    };

    /// The inbox that is read on this thread, when it is of that socket; else none.
    static Inbox* of(int socket);

    /// The size of the datagram whose turn it is; none when all are taken.
    std::optional<std::size_t> next_size() const;
    /// Copies that datagram and its address, and goes on to the one after it. Returns the bytes copied.
    std::size_t take(std::span<const iovec> into, sockaddr* from, socklen_t* from_size);

  private:
    static constexpr std::size_t longest = 64 * 1024;  ///< bytes
    struct Buffers;
    void fill();

    const int socket_;
    std::unique_ptr<Buffers> buffers_;
    std::size_t count_ = 0, next_ = 0;
};

}  // namespace patchbay::sip
