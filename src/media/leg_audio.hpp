// All that a media thread keeps of one leg: its ports, what came in, what goes out, and whom it hears.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "call/hearing.hpp"
#include "media/digit_filter.hpp"
#include "media/digit_sender.hpp"
#include "media/fax_leg.hpp"
#include "media/format.hpp"
#include "media/mixed_stream.hpp"
#include "media/player.hpp"
#include "media/port_pool.hpp"
#include "media/receiver.hpp"
#include "media/security.hpp"
#include "media/sender.hpp"
#include "media/source_lock.hpp"
#include "media/telephone_event.hpp"
#include "media/tone_reader.hpp"
#include "media/tone_sender.hpp"
#include "media/voice.hpp"

namespace patchbay::media {

/// A Remote with its addresses as the kernel takes them.
struct Peer {
    Address rtp, rtcp;
    Format format;
    bool send = true, receive = true, latch = true;
    bool rtcp_mux = false;
    Protection protection{};
    std::optional<T38Terms> t38{};
    DigitWay digits = DigitWay::event;
    bool hear_tones = false;
    float gain = 1;  ///< of what it says, a factor; anything but 1 has it mixed
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
    Count received, sent, octets_sent, refused, lost, lost_remote;
    Count jitter;      ///< ms
    Count round_trip;  ///< in 1/65536 s; 0: not known
};

/// How a leg's ear is served just now.
enum class Mode : std::uint8_t {
    none,   ///< nothing is sent
    relay,  ///< the packets of its one source
    mix,    ///< a packet of ours at each tick
};

/// A packet, and from where it came.
struct EarlyHello {
    Address from;
    std::vector<std::uint8_t> bytes;
};

/// Owned by one media thread. The pointers to other legs are of the same thread; links.hpp keeps them true.
struct LegAudio {
    LegAudio(LegId leg, PortPair pair, Sender stream, std::shared_ptr<LegCounts> shared_counts)
        : id(leg), ports(std::move(pair)), counts(std::move(shared_counts)), sender(stream) {}

    LegId id;
    PortPair ports;
    std::shared_ptr<LegCounts> counts;
    std::optional<Peer> peer;  ///< none: not connected
    /// What it spoke before peer->format, for packets that were under way; none any more.
    std::optional<Format> last_format;
    Moment last_format_until{};

    std::unique_ptr<Security> security;  ///< none: plain RTP
    /// The last DTLS packet that came before connect(): a phone's hello may overtake its answer.
    std::unique_ptr<EarlyHello> hello;
    SourceLock source;
    Receiver receiver;
    DigitReader digits_heard;
    DigitFilter digits_pressed;
    std::unique_ptr<ToneReader> tones;  ///< where digits may come among the audio
    Moment silent_until{};              ///< a digit sounds until then: others hear it by its own way alone
    Moment heard_at{};                  ///< the last packet of the peer, or connect()
    std::uint32_t event_heard = 0;      ///< timestamp of the telephone-event under way, or the last
    bool event_repeats = false;         ///< the telephone-event under way tells what came another way before
    bool lost_told = false;             ///< the notice was given since heard_at

    Mode mode = Mode::none;
    Sender sender;
    std::vector<LegAudio*> sources;
    Player player;                     ///< what it hears of the server's own sounds
    std::vector<LegAudio*> listeners;  ///< whose sources include this leg

    std::unique_ptr<Voice> voice;  ///< once somebody mixes this leg
    OrderCounts order_told;        ///< of receiver, and of voice: what the metrics know
    VoiceCounts voice_told;
    std::unique_ptr<MixedStream> mixed;  ///< while mode is mix
    std::size_t mixer_place = 0;         ///< in the mixer's list then
    bool noisy = false;                  ///< it has sent comfort noise: ears that know none have it mixed
    int loss_reported = unknown_loss;    ///< of a hundred packets we sent, by the peer's last reports
    DigitSender digits_sent;
    /// The telephone-event, by leg and timestamp, that waits among digits_sent: it is not relayed too.
    std::pair<LegId, std::uint32_t> event_queued{};
    std::unique_ptr<ToneSender> tones_sent;  ///< while digits go out among the audio
    std::uint32_t event_timestamp = 0;       ///< of the telephone-event going out among mixed audio
    std::optional<std::uint32_t> event_source_timestamp;  ///< of the event it repeats; none: our own

    std::uint64_t recording = 0;  ///< what it says and hears is tapped for; 0: nothing

    std::unique_ptr<FaxLeg> fax;  ///< it is a fax machine's: hears and is heard by nobody

    Address rtcp_target;
    Moment next_report{};
    std::uint64_t sent_reported = 0;  ///< packets at the last report
    Moment reports_since{};           ///< of the second in which reports are counted
    int reports_taken = 0;            ///< of the peer's in it
};

}  // namespace patchbay::media
