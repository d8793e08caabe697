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
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "continuity.hpp"
#include "ear.hpp"
#include "fax.hpp"
#include "guard.hpp"
#include "loop.hpp"
#include "media/codec.hpp"
#include "media/resampler.hpp"
#include "media/rtp.hpp"
#include "media/telephone_event.hpp"
#include "media/tone.hpp"
#include "media/tone_reader.hpp"
#include "media/tone_sender.hpp"
#include "onset.hpp"
#include "options.hpp"
#include "socket.hpp"
#include "wire.hpp"

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
    std::uint64_t noise = 0;             ///< packets of comfort noise
};

/// Uses the loop's thread. Throws std::system_error when no port pair is free.
class Audio {
  public:
    struct Settings {
        std::string address = "127.0.0.1";
        double tone = 0;  ///< Hz; 0: silence
        double tone_level = -12;
        std::vector<double> known_tones;
        bool hear_digits = false;        ///< listen for DTMF among the audio
        const Faults* faults = nullptr;  ///< what to do wrong, which may change; outlives the audio
        Options::Weather weather;
    };
    /// What it has to tell. Instants are in microseconds of the machine's clock, the same for all robots.
    struct Notices {
        std::function<void(char, std::string_view by)> digit;  ///< `by`: rtp or inband
        std::function<void(std::int64_t)> clicked;             ///< a click left us then
        std::function<void(std::int64_t)> sound;  ///< something loud came after silence; once asked for
        std::function<void(int pages, std::string_view reason)> fax;
    };
    /// Packets that lie: their header is that of the stream but for what is said here.
    struct Lie {
        int packets = 1;
        int version = 2;
        std::optional<int> payload_type;
        std::uint32_t ssrc_by = 0, timestamp_by = 0;
        std::uint16_t sequence_by = 0;
        std::size_t size = 160;  ///< bytes of noise behind the header
        bool rtcp = false;       ///< noise that says it is a sender report, to the port of RTCP
        bool report = false;     ///< well-formed reports in the place of that noise
    };

    Audio(Loop& loop, const Settings& settings, Notices notices);
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
    /// Sends packets of comfort noise, that many dB below the loudest, in place of the tone (RFC 3389), five
    /// a second; none: the tone again. Only where it was agreed.
    void noise(std::optional<int> level) { noise_ = level; }
    /// Queues a digit, 100 ms long: as RFC 4733 packets, or as tones in the place of ours.
    void press(char digit, bool inband);
    /// From now on it is a fax machine that sends that file, in the place of the tone.
    void fax(const std::string& file);
    /// For `packets` packets, another socket sends to the same port, with its own SSRC and that tone.
    void stranger(double hertz, int packets);
    void tell(const Lie& lie);
    /// Silence from now on, and in it so many clicks, one every so many packets.
    void click(int count, int every);
    /// From now on the notice `sound` is given.
    void listen_for_sounds() { onset_.emplace(); }
    /// Measures anew how unbroken the stream is that should have that level.
    void begin_measuring(double level) { continuity_.begin(level); }

    Heard heard() const { return ear_.heard(loop_.now()); }
    const Ear& ear() const { return ear_; }
    const Continuity& continuity() const { return continuity_; }
    const AudioCounts& counts() const { return counts_; }
    const std::optional<media::Remote>& remote() const { return remote_; }

  private:
    struct Digit {
        std::uint8_t event = 0;
        bool inband = false;
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
    void send_fax();
    void send_tone(Digit& digit);
    void send_noise();
    void send_stranger();
    void send(int socket, std::uint8_t payload_type, bool marker, std::uint32_t timestamp,
              std::span<const std::uint8_t> payload);
    static std::vector<std::uint8_t> encoded(Coding& coding, media::Tone* tone);
    bool click_due();
    void send_click();
    std::uint32_t packet_ticks() const;
    void send_sealed(int socket, std::span<const std::uint8_t> packet, const SocketAddress& to);
    void transmit(int socket, std::span<const std::uint8_t> packet, const SocketAddress& to);

    // audio_receive.cpp
    void receive();
    void receive_packet(std::span<std::uint8_t> bytes, const config::Endpoint& from, std::int64_t arrived);
    void hear(const media::RtpPacket& packet, std::int64_t arrived);
    void count_packet(std::uint16_t sequence, std::uint32_t ssrc);

    Loop& loop_;
    config::Endpoint local_;
    Descriptor rtp_, rtcp_;
    Notices notices_;
    Ear ear_;
    Continuity continuity_;
    std::optional<Onset> onset_;
    std::unique_ptr<Fax> fax_;
    std::unique_ptr<media::ToneReader> tone_reader_;  ///< none: digits among the audio are not looked for
    std::unique_ptr<media::ToneSender> tone_sender_;  ///< while a digit is sent so
    std::optional<media::Tone> tone_;
    double tone_level_;
    std::optional<media::Remote> remote_;
    std::unique_ptr<Coding> coding_;
    std::unique_ptr<Guard> guard_;  ///< none: plain RTP
    std::unique_ptr<Wire> wire_;    ///< none: a network without fault
    double packet_ms_;              ///< between two packets, as our clock sees it
    double owed_ms_ = 0;            ///< of it what whole milliseconds leave
    int clicks_ = 0, click_every_ = 0, until_click_ = 0;
    const Faults* faults_;
    bool silent_ = false, muted_ = false, marker_ = true;
    std::optional<int> noise_;
    int until_noise_ = 0;  ///< ticks
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
