// One voice on its way to the mixer, for tests: who speaks, a network, and a clock that needs no time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <queue>
#include <span>
#include <vector>

#include "media/tone.hpp"
#include "media/voice.hpp"

namespace patchbay::media::testing {

using namespace std::chrono_literals;

constexpr double hertz = 1000;

/// A sender of a steady tone or of `says`, the network to us, and the mixer that asks each 20 ms; its own
/// clock runs.
class Line {
  public:
    explicit Line(Codec codec) : Line(format(codec)) {}
    explicit Line(const Format& format) : voice(format, narrow_rate) { speak(format); }
    static Format format(Codec codec) {
        Format format;
        format.codec = codec;
        format.clock_rate = clock_rate(codec);
        format.opus.fec = true;
        return format;
    }

    /// From now on it sends that; the network still carries what was sent before.
    void speak(const Format& format) {
        format_ = format;
        encoder_ = make_encoder(format, narrow_rate);
        up_.reset();
        if (encoder_->rate() != narrow_rate) up_.emplace(narrow_rate, encoder_->rate());
    }

    /// The next packet, which comes after `delay`; `lost`: it never does.
    void send(Moment::duration delay, bool lost = false) {
        std::vector<std::int16_t> narrow(160), audio(samples_of_frame(encoder_->rate()));
        if (says.empty()) tone_.fill(narrow);
        for (std::size_t i = 0; i < 160 && said + i < says.size(); ++i) narrow[i] = says[said + i];
        said += 160;
        if (up_) {
            up_->process(narrow, audio);
        } else {
            audio = narrow;
        }
        std::vector<std::uint8_t> payload(largest_payload);
        payload.resize(encoder_->encode(audio, payload));
        if (!payload.empty()) ++sent;
        if (!lost && !payload.empty()) under_way_.push({sent_at_ + delay, timestamp_, payload, format_});
        timestamp_ += static_cast<std::uint32_t>(format_.clock_rate / 50);
        sent_at_ += packet_time;
    }

    /// The mixer's next tick; what has come by then is written first.
    void tick() {
        now_ += 20ms;
        ++tick_;
        while (!under_way_.empty() && under_way_.top().at <= now_) {
            const Packet& packet = under_way_.top();
            voice.set_format(packet.format, narrow_rate, packet.at);
            voice.write({packet.timestamp, 7, false}, packet.payload, tick_ - 1, packet.at);
            under_way_.pop();
        }
        const auto frame = voice.frame(tick_, narrow_rate, now_);
        if (frame.empty()) {
            heard.insert(heard.end(), 160, 0);
        } else {
            heard.insert(heard.end(), frame.begin(), frame.end());
        }
    }

    /// Of the windows of 20 ms heard after the first half second, the share in which the tone is within that
    /// many dB of its level.
    double intelligible(double decibel = 6) const {
        std::size_t good = 0, all = 0;
        for (std::size_t at = 4000; at + 160 <= heard.size(); at += 160, ++all)
            if (std::abs(loudness(std::span(heard).subspan(at, 160)) - level) <= decibel) ++good;
        return all == 0 ? 0 : static_cast<double>(good) / static_cast<double>(all);
    }

    static constexpr double level = -12;
    Moment::duration packet_time = 20ms;
    Voice voice;
    std::vector<std::int16_t> heard, says;  ///< both at 8 kHz
    std::size_t said = 0;                   ///< samples
    int sent = 0;                           ///< packets

  private:
    struct Packet {
        Moment at;
        std::uint32_t timestamp;
        std::vector<std::uint8_t> payload;
        Format format;
        bool operator<(const Packet& other) const { return at > other.at; }
    };
    Format format_;
    std::unique_ptr<Encoder> encoder_;
    std::optional<Resampler> up_;
    Tone tone_{hertz};
    std::priority_queue<Packet> under_way_;
    std::uint32_t timestamp_ = 0xFFFFF000;
    Moment sent_at_{1000s}, now_{1000s + 3ms};
    std::uint64_t tick_ = 50;
};

}  // namespace patchbay::media::testing
