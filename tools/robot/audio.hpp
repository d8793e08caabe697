// One call's audio: an RTP socket that sends the robot's tone every 20 ms and listens to what comes back.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "ear.hpp"
#include "guard.hpp"
#include "loop.hpp"
#include "media/codec.hpp"
#include "media/resampler.hpp"
#include "media/telephone_event.hpp"
#include "media/tone.hpp"
#include "options.hpp"
#include "socket.hpp"

namespace patchbay::robot {

/// What came in so far.
struct AudioCounts {
    std::uint64_t sent = 0, received = 0, lost = 0;
    std::uint64_t foreign = 0;  ///< no RTP, or of a payload type not agreed
    std::uint64_t rtcp = 0;
    std::int64_t longest_gap = 0;  ///< ms between two packets
    std::uint32_t ssrc = 0;
    std::size_t ssrcs = 0, sources = 0;  ///< different ones
    std::uint64_t refused = 0;           ///< not encrypted as agreed
};

/// Uses the loop's thread. Throws std::system_error when no port pair is free.
class Audio {
  public:
    struct Settings {
        std::string address = "127.0.0.1";
        double tone = 0;  ///< Hz; 0: silence
        double tone_level = -12;
        std::vector<double> known_tones;
        const Faults* faults = nullptr;  ///< what to do wrong, which may change; outlives the audio
    };

    Audio(Loop& loop, const Settings& settings, std::function<void(char)> on_digit);
    ~Audio();
    Audio(const Audio&) = delete;
    Audio& operator=(const Audio&) = delete;

    const config::Endpoint& local() const { return local_; }
    /// Where to send, and what both sides speak, from now on.
    void connect(const media::Remote& remote);
    /// Stops sending packets altogether (or goes on).
    void silent(bool on) { silent_ = on; }
    /// Sends packets of silence in place of the tone.
    void mute(bool on) { muted_ = on; }
    void tone(double hertz);
    /// Queues a digit as RFC 4733 packets, 100 ms long.
    void press(char digit);
    /// For `packets` packets, another socket sends to the same port, with its own SSRC and that tone.
    void stranger(double hertz, int packets);

    Heard heard() const { return ear_.heard(loop_.now()); }
    const Ear& ear() const { return ear_; }
    const AudioCounts& counts() const { return counts_; }
    const std::optional<media::Remote>& remote() const { return remote_; }

  private:
    struct Digit {
        std::uint8_t event = 0;
        int packets = 0;  ///< sent so far
        std::uint32_t timestamp = 0;
    };
    /// What one codec needs, both ways; tones are made and heard at 8 kHz.
    struct Coding {
        explicit Coding(const media::Format& format);
        media::Format format;
        std::unique_ptr<media::Encoder> encoder;
        std::unique_ptr<media::Decoder> decoder;
        std::unique_ptr<media::Resampler> up, down;  ///< where the codec has another rate
    };
    struct Stranger {
        Descriptor socket;
        media::Tone tone;
        int left = 0;
        std::uint32_t ssrc = 0;
        std::uint16_t sequence = 0;
        std::unique_ptr<Coding> coding;
    };

    void bind_pair(const std::string& address);
    void tick();
    void send_packet();
    bool send_digit();
    void send_stranger();
    void send(int socket, std::uint8_t payload_type, bool marker, std::uint32_t timestamp,
              std::span<const std::uint8_t> payload);
    static std::vector<std::uint8_t> encoded(Coding& coding, media::Tone* tone);
    void hear(std::span<const std::uint8_t> payload);
    std::uint32_t packet_ticks() const;
    void receive();
    void receive_packet(std::span<std::uint8_t> bytes, const config::Endpoint& from);
    void send_sealed(int socket, std::span<const std::uint8_t> packet, const SocketAddress& to);
    void count_packet(std::uint16_t sequence, std::uint32_t ssrc);

    Loop& loop_;
    config::Endpoint local_;
    Descriptor rtp_, rtcp_;
    std::function<void(char)> on_digit_;
    Ear ear_;
    std::optional<media::Tone> tone_;
    double tone_level_;
    std::optional<media::Remote> remote_;
    std::unique_ptr<Coding> coding_;
    std::unique_ptr<Guard> guard_;  ///< none: plain RTP
    const Faults* faults_;
    bool silent_ = false, muted_ = false, marker_ = true;
    std::uint16_t sequence_;
    std::uint32_t timestamp_, ssrc_;
    std::deque<Digit> digits_;
    std::optional<Stranger> stranger_;
    media::DigitReader digit_reader_;
    AudioCounts counts_;
    std::optional<std::uint16_t> last_sequence_;
    std::optional<Ticks> last_arrival_;
    std::set<std::uint32_t> ssrcs_;
    std::set<config::Endpoint> sources_;
    TimerId timer_;
    Ticks due_;
};

}  // namespace patchbay::robot
