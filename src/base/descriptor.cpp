#include "base/descriptor.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace patchbay {

void Descriptor::reset(int fd) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
}

Descriptor make_event() {
    Descriptor event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!event) throw std::system_error(errno, std::generic_category(), "eventfd");
    return event;
}

void signal_event(const Descriptor& event) {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then it is readable already.
    [[maybe_unused]] const auto written = ::write(event.get(), &one, sizeof one);
}

void clear_event(const Descriptor& event) {
    std::uint64_t count = 0;
    // Fails only when it was not readable, which is what is wanted.
    [[maybe_unused]] const auto taken = ::read(event.get(), &count, sizeof count);
}

}  // namespace patchbay
