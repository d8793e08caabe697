// DTMF digits of one media thread: those that legs press, told apart from what only repeats them, and those
// that are played to legs, each the way it takes them.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "media/leg_audio.hpp"
#include "media/traffic.hpp"

namespace patchbay::media {

/// True when digits go to the leg as telephone-events.
bool takes_events(const LegAudio& leg);

class Digits {
  public:
    using Pressed = std::function<void(LegId, char)>;
    /// `pressed` is told of each digit once.
    Digits(Traffic& traffic, Pressed pressed) : traffic_(traffic), told_(std::move(pressed)) {}

    /// The leg's party pressed that digit, as `way` tells: it is played to all who hear the leg and are not
    /// served otherwise. False when another way told it before.
    bool pressed(LegAudio& leg, char digit, DigitWay way, Moment now);
    /// Listens for tones in a packet of the leg's audio, which is in that format.
    void hear(LegAudio& leg, const RtpPacket& packet, const Format& format, Moment now);
    /// A packet of a telephone-event came from the leg. True when its digit was told another way before: it
    /// goes to nobody.
    bool repeats(LegAudio& leg, const TelephoneEvent& event, const RtpHeader& header, Moment now);
    /// Sends a telephone-event's packet on among the audio made for that ear.
    void pass_on(const LegAudio& leg, LegAudio& ear, const TelephoneEvent& event, const RtpHeader& header,
                 Moment now);

    /// Nothing is to be played.
    bool idle() const { return playing_.empty(); }
    /// Plays what is due at that tick of 20 ms.
    void tick(std::uint64_t number, Moment now);
    /// The leg came from another thread, or leaves this one.
    void adopt(LegAudio& leg);
    void forget(const LegAudio& leg);

  private:
    void play(LegAudio& ear, char digit);
    bool play_next(LegAudio& ear, std::uint64_t number, Moment now);
    void play_event(LegAudio& ear, const DigitSender::Step& step, Moment now);
    void play_tone(LegAudio& ear, const std::optional<DigitSender::Step>& step, std::uint64_t number,
                   Moment now);

    Traffic& traffic_;
    Pressed told_;
    std::vector<LegAudio*> playing_;
};

}  // namespace patchbay::media
