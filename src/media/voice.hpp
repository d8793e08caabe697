// What one leg says, as an even frame of 20 ms at each tick: its packets wait as long as their network is
// uneven, are decoded when their time has come, and what never came is made up. Exists only while somebody
// mixes the leg.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/codec.hpp"
#include "media/comfort_noise.hpp"
#include "media/jitter_buffer.hpp"
#include "media/resampler.hpp"

namespace patchbay::media {

/// What happened to a voice's packets so far.
struct VoiceCounts {
    std::uint64_t late = 0, duplicate = 0, strange = 0, broken = 0;
    std::uint64_t concealed = 0;  ///< frames made up
    std::uint64_t recovered = 0;  ///< packets taken from the one after them
    std::uint64_t shortened = 0;  ///< pitch periods left out to catch up
};

class Voice {
  public:
    /// `rate`: what Opus is decoded to.
    explicit Voice(const Format& format, int rate = full_rate);

    /// What its RTP header says of a packet.
    struct Stamp {
        std::uint32_t timestamp = 0, ssrc = 0;
        bool noise = false;  ///< it is of comfort noise, not of the agreed codec
    };
    /// A packet came, after the mixer's tick of that number. When nobody has asked for frames for a while,
    /// what waited is forgotten.
    void write(const Stamp& stamp, std::span<const std::uint8_t> payload, std::uint64_t tick, Moment now);
    /// The leg speaks that from now on; `rate` for Opus. The same as before changes nothing. What waits of
    /// another codec is played before what comes.
    void set_format(const Format& format, int rate, Moment now);
    /// 1: as it is.
    void set_gain(float gain) { gain_ = gain; }

    /// What it says in this tick at one of codec.hpp's rates; empty when it is silent. Ticks only rise; each
    /// takes 20 ms, whoever asks first. Valid until the next call.
    std::span<const std::int16_t> frame(std::uint64_t tick, int rate, Moment now);

    int rate() const { return decoder_->rate(); }
    /// A stretch of it is being said, be it of silence.
    bool playing() const { return playing_; }
    const VoiceCounts& counts() const { return counts_; }
    /// Milliseconds that the last packet waited until it was played.
    double delay_ms() const { return delay_ms_; }

  private:
    struct Converted {
        std::optional<Resampler> resampler;
        std::uint64_t tick = 0;
        std::vector<std::int16_t> samples;
    };

    void take_frame(Moment now);
    bool begin(Moment now);
    void play_out(Moment now);
    void produce(Moment now);
    void play(const JitterBuffer::Packet& packet, Moment now);
    bool recover(const JitterBuffer::Packet& next, std::uint32_t missing);
    void make_up(const JitterBuffer::Packet* next, std::uint32_t missing);
    void judge_delay(std::size_t decoded);
    std::size_t spare(std::size_t decoded) const;
    void end();
    std::uint32_t ticks_of(std::size_t samples) const;
    std::size_t samples_of(std::uint32_t ticks) const;
    std::size_t frame_size() const { return samples_of_frame(decoder_->rate()); }

    Format format_;
    JitterBuffer packets_;
    std::unique_ptr<Decoder> decoder_;
    ComfortNoise noise_;
    std::vector<std::int16_t> scratch_, ready_;  ///< decoded now; decoded and not yet played

    bool playing_ = false, noisy_ = false;
    bool joins_ = false;  ///< the next packet follows what is ready, whatever its timestamp: a new codec's
    std::uint32_t ssrc_ = 0;
    std::uint32_t next_ = 0;       ///< timestamp of what is to be decoded next
    std::uint32_t stretched_ = 0;  ///< made up while next_ stood still, in the RTP clock
    std::uint32_t last_size_ = 0;  ///< of the last packet, in the RTP clock
    int made_up_frames_ = 0;       ///< in a row
    Moment::duration margin_;      ///< that a stretch's first packet waits
    double least_delay_ms_ = 0;    ///< since it was last judged
    double delay_ms_ = 0;
    int judged_ = 0;
    bool corrected_ = false;  ///< since it was judged, a packet was taken from the one after it

    float gain_ = 1;
    std::uint64_t tick_ = 0;
    bool heard_ = false;
    std::vector<std::int16_t> frame_;
    std::array<Converted, 3> converted_;  ///< by rate
    VoiceCounts counts_;
};

}  // namespace patchbay::media
