#include "media/port_watch.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace patchbay::media {

namespace {

bool add_to(int epoll, int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

/// It may have gone of itself, with its socket.
void take_from(int epoll, int descriptor) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nullptr);
}

}  // namespace

PortWatch::PortWatch(int mailbox) : mailbox_(mailbox), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll");
    if (!add_to(epoll_.get(), mailbox)) throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

bool PortWatch::add(LegAudio& leg) {
    auto& ports = leg.ports;
    const int rtp = ports.rtp.get(), rtcp = ports.rtcp.get();
    if (ports.watched_by >= 0 && ports.watched_by != epoll_.get()) {
        take_from(ports.watched_by, rtp);
        take_from(ports.watched_by, rtcp);
    }
    const bool known = ports.watched_by == epoll_.get();
    if (!known) slot(rtp).ignored = slot(rtcp).ignored = true;
    ports.watched_by = epoll_.get();
    return begin(rtp, {&leg, false}) && begin(rtcp, {&leg, true});
}

bool PortWatch::begin(int descriptor, Place place) {
    auto& here = slot(descriptor);
    here.place = place;
    if (!here.ignored) return true;
    here.ignored = !add_to(epoll_.get(), descriptor);
    return !here.ignored;
}

void PortWatch::remove(const LegAudio& leg) {
    slot(leg.ports.rtp.get()).place = {};
    slot(leg.ports.rtcp.get()).place = {};
}

void PortWatch::give_up(LegAudio& leg) {
    remove(leg);
    take_from(epoll_.get(), leg.ports.rtp.get());
    take_from(epoll_.get(), leg.ports.rtcp.get());
    leg.ports.watched_by = -1;
}

std::span<const epoll_event> PortWatch::wait(int milliseconds) {
    const int count = epoll_wait(epoll_.get(), events_.data(), most_events, milliseconds);
    return std::span(events_).first(static_cast<std::size_t>(std::max(count, 0)));
}

PortWatch::Place PortWatch::place(const epoll_event& event) const {
    const auto index = static_cast<std::size_t>(event.data.fd);
    return index < slots_.size() ? slots_[index].place : Place{};
}

void PortWatch::ignore(const epoll_event& event) {
    // The socket is not read here: its ports may just have been closed, and the number be another's.
    take_from(epoll_.get(), event.data.fd);
    slot(event.data.fd).ignored = true;
}

PortWatch::Slot& PortWatch::slot(int descriptor) {
    const auto index = static_cast<std::size_t>(descriptor);
    if (index >= slots_.size()) slots_.resize(index + 1);
    return slots_[index];
}

}  // namespace patchbay::media
