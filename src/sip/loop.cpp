#include "sip/loop.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include <poll.h>
#include <sofia-sip/su.h>
#include <sofia-sip/su_wait.h>
#include <sys/epoll.h>

#include "base/descriptor.hpp"
#include "sip/inbox.hpp"
#include "sip/outbox.hpp"
#include "sip/tls_connections.hpp"

/// Sofia's own way to read a transport that is ready; not in its headers, but for all to link.
extern "C" void tport_recv_event(tport_s* transport);

namespace patchbay::sip {

namespace {

constexpr Milliseconds longest_sleep{1000};
constexpr Milliseconds gathering{2};  ///< how long messages gather while many come
constexpr Milliseconds counting{20};  ///< over which they are counted
constexpr int many = 20;              ///< so many in that time: one a millisecond
constexpr int most_at_once = 32;      ///< messages handled before commands are looked at again

using Ready = std::shared_ptr<const std::function<void()>>;

/// True when that epoll waits for the descriptor too, as proc(5) shows it.
bool waits_for(const std::string& epoll, int descriptor) {
    std::ifstream about("/proc/self/fdinfo/" + epoll);
    for (std::string word; about >> word;) {
        int target = -1;
        if (word == "tfd:" && about >> target && target == descriptor) return true;
    }
    return false;
}

/// The epoll Sofia waits on: the one that waits for this descriptor, which was given to Sofia alone.
int sofia_epoll(int given) {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", failed)) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone).string();
        if (gone || target.find("[eventpoll]") == std::string::npos) continue;
        const std::string name = entry.path().filename();
        if (waits_for(name, given)) return std::atoi(name.c_str());
    }
    throw std::runtime_error("the switch thread's loop needs /proc and Sofia with epoll");
}

int nothing_to_do(su_root_magic_t* /*root*/, su_wait_t* /*wait*/, su_wakeup_arg_t* /*arg*/) {
    return 0;
}

/// How many messages come, counted in turns.
class Traffic {
  public:
    void count(int messages, Ticks now) {
        messages_ += messages;
        if (now - since_ < counting) return;
        is_heavy_ = messages_ >= many && now - since_ < 2 * counting;
        messages_ = 0;
        since_ = now;
    }
    bool is_heavy() const { return is_heavy_; }

  private:
    int messages_ = 0;
    Ticks since_{};
    bool is_heavy_ = false;
};

}  // namespace

struct Loop::State {
    su_root_t* root = nullptr;
    int epoll = -1;                ///< Sofia's
    su_duration_t sofia_next = 0;  ///< milliseconds to Sofia's next timer, rounded down; -1: none
    Timers* timers = nullptr;
    Clock* clock = nullptr;
    Descriptor anchor = make_event(), wake = make_event();
    std::atomic<bool> stopping = false;
    Descriptor watched{epoll_create1(EPOLL_CLOEXEC)};
    std::unordered_map<int, Ready> ready;  ///< whom to tell, by what is watched
    Traffic traffic;
    Outbox outbox;
    tport_s* udp = nullptr;
    std::optional<Inbox> inbox;  ///< of `udp`
    bool drained = true;         ///< nothing was left of Sofia's when the last turn ended

    Milliseconds until_next(Milliseconds longest) const;
    void wait(Milliseconds longest);
    void tell_watchers();
    bool sofia_is_ready() const;
    int run_inbox();
    void run_sofia();
};

Milliseconds Loop::State::until_next(Milliseconds longest) const {
    if (!drained) return Milliseconds{0};
    // Waiting what Sofia says would spin through a timer's last millisecond.
    if (sofia_next >= 0) longest = std::min(longest, Milliseconds{sofia_next + 1});
    const auto due = timers == nullptr ? std::nullopt : timers->next();
    if (!due) return longest;
    return std::clamp(*due - clock->ticks(), Milliseconds{0}, longest);
}

/// Until something watched is ready, or a message came, or it is time.
void Loop::State::wait(Milliseconds longest) {
    auto time = until_next(longest);
    nfds_t sources = 2;
    if (traffic.is_heavy() && time > Milliseconds{0}) {
        time = std::min(time, gathering);
        sources = 1;  // Sofia's sockets wake nobody meanwhile
    }
    std::array<pollfd, 2> polled{{{watched.get(), POLLIN, 0}, {epoll, POLLIN, 0}}};
    poll(polled.data(), sources, static_cast<int>(time.count()));
    if (polled[0].revents != 0) tell_watchers();
}

void Loop::State::tell_watchers() {
    std::array<epoll_event, 64> events;
    const int count = epoll_wait(watched.get(), events.data(), static_cast<int>(events.size()), 0);
    for (const auto& event : std::span(events).first(static_cast<std::size_t>(std::max(count, 0)))) {
        const auto found = ready.find(event.data.fd);
        if (found == ready.end()) continue;  // forgotten by one before it
        const auto kept = found->second;     // it may forget itself
        (*kept)();
    }
}

bool Loop::State::sofia_is_ready() const {
    epoll_event event{};
    return epoll_wait(epoll, &event, 1, 0) > 0;
}

/// Hands Sofia what came by UDP, as run_sofia() does. Returns how many messages.
int Loop::State::run_inbox() {
    const Inbox::Reading reading(*inbox);
    for (std::size_t i = 0; i < reading.count(); ++i) {
        tport_recv_event(udp);
        if (timers != nullptr) timers->run_due();
    }
    return static_cast<int>(reading.count());
}

/// Hands Sofia what came, message by message, with our own timers in between as if each had come alone.
void Loop::State::run_sofia() {
    int messages = 0;
    std::optional<Outbox::Gathering> sending_together;
    if (traffic.is_heavy()) {
        sending_together.emplace(outbox);
        if (inbox) messages += run_inbox();
    }
    do {
        drained = !sofia_is_ready();
        if (!drained) ++messages;
        adopt_tls_connections();
        sofia_next = su_root_step(root, 0);
        if (timers != nullptr) timers->run_due();
    } while (!drained && messages < most_at_once);
    if (clock != nullptr) traffic.count(messages, clock->ticks());
}

Loop::Loop() : state_(std::make_unique<State>()) {
    std::signal(SIGPIPE, SIG_IGN);
    adopt_tls_connections();
    if (su_init() < 0) throw std::runtime_error("Sofia does not start");
    state_->root = su_root_create(nullptr);
    if (state_->root == nullptr || !state_->watched)
        throw std::runtime_error("no descriptors left for the switch thread's loop");
    su_root_threading(state_->root, 0);
    su_wait_t anchor[1] = {};
    if (su_wait_create(anchor, state_->anchor.get(), SU_WAIT_IN) < 0 ||
        su_root_register(state_->root, anchor, nothing_to_do, nullptr, 0) < 0) {
        throw std::runtime_error("no memory for the switch thread's loop");
    }
    state_->epoll = sofia_epoll(state_->anchor.get());
    watch(state_->wake.get(), [this] { clear_event(state_->wake); });
}

Loop::~Loop() {
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
    state_->wait(longest);
    state_->run_sofia();
}

void Loop::stop() {
    state_->stopping.store(true, std::memory_order_release);
    signal_event(state_->wake);
}

void Loop::watch(int descriptor, std::function<void()> ready) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    if (epoll_ctl(state_->watched.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
        throw std::runtime_error("descriptor not watched");
    }
    state_->ready[descriptor] = std::make_shared<const std::function<void()>>(std::move(ready));
}

void Loop::forget(int descriptor) {
    if (state_->ready.erase(descriptor) == 0) return;
    epoll_ctl(state_->watched.get(), EPOLL_CTL_DEL, descriptor, nullptr);
}

su_root_s* Loop::root() const {
    return state_->root;
}

void Loop::take_together(tport_s* udp, int socket) {
    state_->inbox.reset();
    state_->udp = udp;
    if (udp != nullptr) state_->inbox.emplace(socket);
}

}  // namespace patchbay::sip
