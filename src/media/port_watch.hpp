// Whose packet waits at which port of a media thread's legs. Sockets stay watched while their ports rest in
// the pool: to stop and begin anew for each leg costs as much as all else that a media thread does for a
// short call.
#pragma once

#include <array>
#include <span>
#include <vector>

#include <sys/epoll.h>

#include "base/descriptor.hpp"
#include "media/leg_audio.hpp"

namespace patchbay::media {

/// Of one media thread.
class PortWatch {
  public:
    static constexpr int most_events = 256;  ///< of one wait()

    /// What a packet waits for.
    struct Place {
        LegAudio* leg = nullptr;  ///< none: the port is nobody's
        bool rtcp = false;
    };

    /// Watches that mailbox, too. Throws std::system_error when the kernel has no descriptors left.
    explicit PortWatch(int mailbox);

    /// From now on packets at the leg's ports are the leg's. False, with errno, when the kernel refuses.
    bool add(LegAudio& leg);
    /// They are nobody's now.
    void remove(const LegAudio& leg);
    /// The same, for a leg that goes to another thread.
    void give_up(LegAudio& leg);

    /// Waits that many milliseconds at most. The events are good until the next wait, their places until the
    /// next change.
    std::span<const epoll_event> wait(int milliseconds);
    bool is_mail(const epoll_event& event) const { return event.data.fd == mailbox_; }
    Place place(const epoll_event& event) const;
    /// Nobody is told of packets there until the port is a leg's again.
    void ignore(const epoll_event& event);

  private:
    struct Slot {
        Place place;
        bool ignored = false;  ///< its pair believes it watched, and it is not
    };

    bool begin(int descriptor, Place place);
    Slot& slot(int descriptor);

    const int mailbox_;
    Descriptor epoll_;
    std::array<epoll_event, most_events> events_{};
    std::vector<Slot> slots_;  ///< by descriptor
};

}  // namespace patchbay::media
