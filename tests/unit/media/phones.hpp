// Phones for the tests of the media engine: each says a steady tone over a real socket, 50 packets a second,
// and remembers what it heard. A Desk pumps them until a condition holds.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "media/codec.hpp"
#include "media/engine.hpp"
#include "media/resampler.hpp"
#include "media/rtp.hpp"
#include "media/tone.hpp"

namespace patchbay::media::testing {

class Phone {
  public:
    Phone(double hertz, Codec codec = Codec::pcma, const std::string& host = "127.0.0.1");

    /// What its SDP says.
    Remote remote() const;
    /// From another socket, that is another port, from now on.
    void move();
    void send(const config::Endpoint& to);
    void send_bytes(const std::vector<std::uint8_t>& bytes, const config::Endpoint& to);
    void send_event(char digit, bool end, std::uint16_t duration, const config::Endpoint& to);
    void receive();
    /// Forgets what it heard so far.
    void forget();

    /// How loud the tone is in the last 100 ms heard; -120 when less was heard.
    double level(double tone) const;
    /// Hears exactly these of the tones that phones say in these tests, and no music.
    bool hears_only(const std::vector<double>& tones) const;
    bool hears_silence() const;
    bool hears_music() const;

    Format format;
    bool talking = true;
    std::string rtp_host;
    std::uint16_t sequence = 1000;
    std::uint32_t timestamp = 5000, ssrc = 0;
    std::vector<RtpHeader> headers;                 ///< of all packets heard
    std::vector<std::vector<std::uint8_t>> events;  ///< payloads of telephone-events heard
    std::vector<std::int16_t> samples;              ///< at 8 kHz

    /// Another codec from now on, with the payload type, clock and ptime of its own.
    void speak(Codec codec);

  private:
    std::uint16_t port_ = 0;
    Tone tone_;
    Descriptor socket_;
    std::unique_ptr<Encoder> encoder_;
    std::unique_ptr<Decoder> decoder_;
    std::unique_ptr<Resampler> up_, down_;  ///< between 8 kHz and the codec's rate, where they differ
};

/// The tones phones say.
inline const std::vector<double> all_tones{1500, 1900, 2300, 2700};

class Desk {
  public:
    explicit Desk(config::Media settings = default_settings());
    static config::Media default_settings();

    /// A phone with an open and connected leg; `tone` of all_tones, by its place.
    LegId add(std::size_t tone, Codec codec = Codec::pcma);
    /// The same, but not connected yet.
    LegId add_unconnected(std::size_t tone, Codec codec = Codec::pcma);
    void connect(LegId leg) { engine->connect(leg, phone(leg).remote()); }
    Phone& phone(LegId leg) { return *phones.at(leg.value - 1); }
    config::Endpoint port_of(LegId leg) const { return engine->local(leg).value(); }
    /// The legs hear each other, as in a talk.
    void join(LegId a, LegId b) { engine->hear({{a, {b}}, {b, {a}}}); }

    /// Lets the phones talk until the condition holds; false when it does not within some seconds.
    bool until(const std::function<bool()>& condition);
    /// Lets every phone send that many packets.
    void talk(int packets);

    std::vector<LegId> lost;
    std::vector<std::pair<LegId, char>> digits;
    std::vector<std::unique_ptr<Phone>> phones;
    std::unique_ptr<Engine> engine;

  private:
    void take_notices();
    struct Heard;
    std::shared_ptr<Heard> heard_;
    std::chrono::steady_clock::time_point next_send_{};
};

/// The number in the metrics' text at the line that begins so; 0 when there is none.
double metric(const std::string& line);

}  // namespace patchbay::media::testing
