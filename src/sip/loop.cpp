#include "sip/loop.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include <poll.h>
#include <sofia-sip/su.h>
#include <sofia-sip/su_wait.h>

#include "base/descriptor.hpp"

namespace patchbay::sip {

namespace {

constexpr Milliseconds longest_sleep{1000};

struct Watch {
    int index = 0;
    std::function<void()> ready;
};

/// The epoll descriptors of this process.
std::set<int> epoll_descriptors() {
    std::set<int> found;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", failed)) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone).string();
        if (gone || target.find("[eventpoll]") == std::string::npos) continue;
        found.insert(std::atoi(entry.path().filename().c_str()));
    }
    return found;
}

int wake_watch(su_root_magic_t* /*root*/, su_wait_t* /*wait*/, su_wakeup_arg_t* arg) {
    reinterpret_cast<Watch*>(arg)->ready();
    return 0;
}

}  // namespace

struct Loop::State {
    su_root_t* root = nullptr;
    int sofia_epoll = -1;           ///< what Sofia waits on; -1: not found
    su_duration_t sofia_next = -1;  ///< milliseconds to Sofia's next timer, rounded down
    Timers* timers = nullptr;
    Clock* clock = nullptr;
    Descriptor wake = make_event();
    std::atomic<bool> stopping = false;
    std::map<int, std::unique_ptr<Watch>> watches;

    Milliseconds until_next(Milliseconds longest) const {
        if (timers == nullptr) return longest;
        const auto due = timers->next();
        if (!due) return longest;
        return std::clamp(*due - clock->ticks(), Milliseconds{0}, longest);
    }
};

Loop::Loop() : state_(std::make_unique<State>()) {
    std::signal(SIGPIPE, SIG_IGN);
    if (su_init() < 0) throw std::runtime_error("Sofia does not start");
    const auto before = epoll_descriptors();
    state_->root = su_root_create(nullptr);
    if (state_->root == nullptr) throw std::runtime_error("no descriptors left for the switch thread's loop");
    for (const int descriptor : epoll_descriptors()) {
        if (!before.contains(descriptor)) state_->sofia_epoll = descriptor;
    }
    su_root_threading(state_->root, 0);
    watch(state_->wake.get(), [this] { clear_event(state_->wake); });
}

Loop::~Loop() {
    while (!state_->watches.empty()) forget(state_->watches.begin()->first);
    su_root_destroy(state_->root);
    su_deinit();
}

void Loop::drive(Timers& timers, Clock& clock) {
    state_->timers = &timers;
    state_->clock = &clock;
}

void Loop::run() {
    while (!state_->stopping.load(std::memory_order_acquire)) step(longest_sleep);
    state_->stopping = false;
}

void Loop::step(Milliseconds longest) {
    auto wait = state_->until_next(longest);
    if (state_->sofia_next == 0 && wait > Milliseconds{0} && state_->sofia_epoll >= 0) {
        // Sofia rounds its waits down and would spin through a timer's last millisecond.
        pollfd sofia{state_->sofia_epoll, POLLIN, 0};
        poll(&sofia, 1, 1);
        wait = Milliseconds{0};
    }
    state_->sofia_next = su_root_step(state_->root, static_cast<su_duration_t>(wait.count()));
    if (state_->timers != nullptr) state_->timers->run_due();
}

void Loop::stop() {
    state_->stopping.store(true, std::memory_order_release);
    signal_event(state_->wake);
}

void Loop::watch(int descriptor, std::function<void()> ready) {
    auto watch = std::make_unique<Watch>();
    watch->ready = std::move(ready);
    su_wait_t wait[1] = {};
    if (su_wait_create(wait, descriptor, SU_WAIT_IN) < 0) throw std::runtime_error("descriptor not watched");
    watch->index =
        su_root_register(state_->root, wait, wake_watch, reinterpret_cast<su_wakeup_arg_t*>(watch.get()), 0);
    if (watch->index < 0) throw std::runtime_error("descriptor not watched");
    state_->watches[descriptor] = std::move(watch);
}

void Loop::forget(int descriptor) {
    const auto found = state_->watches.find(descriptor);
    if (found == state_->watches.end()) return;
    su_root_deregister(state_->root, found->second->index);
    state_->watches.erase(found);
}

su_root_s* Loop::root() const {
    return state_->root;
}

}  // namespace patchbay::sip
