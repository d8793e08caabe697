#include "loop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>

namespace patchbay::robot {

Loop::Loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

void Loop::watch(int fd, std::function<void()> action) {
    actions_[fd] = std::make_shared<std::function<void()>>(std::move(action));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0 && errno != EEXIST)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void Loop::forget(int fd) {
    if (actions_.erase(fd) != 0) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void Loop::run() {
    std::array<epoll_event, 64> ready{};
    while (!stopped_) {
        const auto next = timers_.next();
        const auto wait = next ? std::clamp<std::int64_t>((*next - now()).count(), 0, 1000) : 1000;
        const int count =
            epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), static_cast<int>(wait));
        for (int i = 0; i < count && !stopped_; ++i) {
            const auto found = actions_.find(ready[static_cast<std::size_t>(i)].data.fd);
            if (found == actions_.end()) continue;
            const Action action = found->second;  // kept: the action may forget its own descriptor
            (*action)();
        }
        timers_.run_due();
    }
}

}  // namespace patchbay::robot
