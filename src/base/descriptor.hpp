// A file descriptor with an owner, and the eventfd that wakes one thread from another.
#pragma once

#include <utility>

namespace patchbay {

/// Owns a file descriptor and closes it. -1 is none.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) reset(std::exchange(other.fd_, -1));
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { reset(); }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    void reset(int fd = -1);

  private:
    int fd_ = -1;
};

/// A new non-blocking eventfd. Throws std::system_error when there is none.
Descriptor make_event();
/// Makes it readable. Any thread.
void signal_event(const Descriptor& event);
/// Makes it unreadable again.
void clear_event(const Descriptor& event);

}  // namespace patchbay
