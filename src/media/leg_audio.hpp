// All that a media thread keeps of one leg: its ports, what came in, what goes out, and whom it hears.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "call/hearing.hpp"
#include "media/digit_sender.hpp"
#include "media/format.hpp"
#include "media/jitter_buffer.hpp"
#include "media/port_pool.hpp"
#include "media/receiver.hpp"
#include "media/security.hpp"
#include "media/sender.hpp"
#include "media/source_lock.hpp"
#include "media/telephone_event.hpp"

namespace patchbay::media {

/// A Remote with its addresses as the kernel takes them.
struct Peer {
    Address rtp, rtcp;
    Format format;
    bool send = true, receive = true, latch = true;
    bool rtcp_mux = false;
    Protection protection{};
};

/// A count that one thread writes and any thread reads.
class Count {
  public:
    void add(std::uint64_t amount = 1) { set(get() + amount); }
    void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
    std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_{0};
};

/// Written by the leg's media thread, read by the switch thread.
struct LegCounts {
    Count received, sent, octets_sent, refused, lost, lost_remote, jitter;
};

/// How a leg's ear is served just now.
enum class Mode : std::uint8_t {
    none,   ///< nothing is sent
    relay,  ///< the packets of its one source
    mix,    ///< a packet of ours at each tick
};

struct PlayedSound {
    call::Sound sound;
    std::uint64_t first_tick;  ///< so that it begins at its begin
};

/// Owned by one media thread. The pointers to other legs are of the same thread; links.hpp keeps them true.
struct LegAudio {
    LegAudio(LegId leg, PortPair pair, Sender stream, std::shared_ptr<LegCounts> shared_counts)
        : id(leg), ports(std::move(pair)), counts(std::move(shared_counts)), sender(stream) {}

    LegId id;
    PortPair ports;
    std::shared_ptr<LegCounts> counts;
    std::optional<Peer> peer;  ///< none: not connected

    std::unique_ptr<Security> security;  ///< none: plain RTP
    SourceLock source;
    Receiver receiver;
    DigitReader digits_heard;
    Moment heard_at{};       ///< the last packet of the peer, or connect()
    bool lost_told = false;  ///< the notice was given since then

    Sender sender;
    Mode mode = Mode::none;
    std::vector<LegAudio*> sources;
    std::vector<PlayedSound> sounds;
    std::vector<LegAudio*> listeners;  ///< whose sources include this leg

    std::vector<std::uint8_t> packet;  ///< being filled by the mixer
    std::size_t mixer_place = 0;       ///< in the mixer's list, while mode is mix
    DigitSender digits_sent;
    std::uint32_t event_timestamp = 0;  ///< of the telephone-event going out among mixed audio
    std::optional<std::uint32_t> event_source_timestamp;  ///< of the event it repeats; none: our own

    std::unique_ptr<JitterBuffer> buffer;  ///< once somebody mixes this leg
    Frame frame;                           ///< what it said at frame_tick
    std::uint64_t frame_tick = 0;
    bool frame_heard = false;

    Address rtcp_target;
    Moment next_report{};
    std::uint64_t sent_reported = 0;  ///< packets at the last report
};

}  // namespace patchbay::media
