#include "media/digits.hpp"

#include <array>

#include "base/metrics.hpp"
#include "media/outlet.hpp"

namespace patchbay::media {

namespace {

using namespace std::chrono_literals;

struct DigitCounts {
    std::array<metrics::Counter*, 3> pressed{&of("event"), &of("info"), &of("tones")};
    metrics::Counter& repeated =
        metrics::counter("patchbay_media_digits_repeated_total",
                         "Digits told in a second way by a phone that had told them already");

    static metrics::Counter& of(const char* way) {
        return metrics::counter("patchbay_media_digits_total", "Digits that phones and trunks pressed",
                                {{"way", way}});
    }
};

DigitCounts& counts() {
    static DigitCounts all;
    return all;
}

/// A key that is still held tells so more often than this.
constexpr auto longest_pause = 80ms;

}  // namespace

bool takes_events(const LegAudio& leg) {
    return leg.peer && leg.peer->digits == DigitWay::event && leg.peer->format.telephone_event;
}

bool Digits::pressed(LegAudio& leg, char digit, DigitWay way, Moment now) {
    if (!leg.digits_pressed.take(digit, way, now)) {
        counts().repeated.add();
        return false;
    }
    counts().pressed[static_cast<std::size_t>(way)]->add();
    if (told_) told_(leg.id, digit);
    for (LegAudio* ear : leg.listeners) {
        if (!ear->peer) continue;
        const bool as_event = takes_events(*ear), as_tones = ear->peer->digits == DigitWay::tones;
        // What is relayed as it came needs nothing more.
        const bool relayed = way == DigitWay::event   ? as_event && ear->digits_sent.idle()
                             : way == DigitWay::tones ? as_tones && ear->mode == Mode::relay
                                                      : false;
        if (relayed || !(as_event || as_tones)) continue;
        if (way == DigitWay::event) ear->event_queued = {leg.id, leg.event_heard};
        play(*ear, digit);
    }
    return true;
}

void Digits::hear(LegAudio& leg, const RtpPacket& packet, const Format& format, Moment now) {
    for (const char digit : leg.tones->take(format, packet.payload))
        pressed(leg, digit, DigitWay::tones, now);
    if (leg.tones->sounding())
        leg.silent_until = now + longest_pause;
    else if (now < leg.silent_until)
        leg.silent_until = now;
}

bool Digits::repeats(LegAudio& leg, const TelephoneEvent& event, const RtpHeader& header, Moment now) {
    const auto digit = digit_of(event.event);
    if (leg.digits_heard.begins(event, header.timestamp, header.ssrc)) {
        leg.event_heard = header.timestamp;
        leg.event_repeats = digit && !pressed(leg, *digit, DigitWay::event, now);
    }
    leg.silent_until = event.end ? now : now + longest_pause;
    return leg.event_repeats;
}

void Digits::pass_on(const LegAudio& leg, LegAudio& ear, const TelephoneEvent& event, const RtpHeader& header,
                     Moment now) {
    const bool first = ear.event_source_timestamp != header.timestamp;
    if (first) ear.event_timestamp = ear.sender.event_timestamp(now);
    ear.event_source_timestamp = header.timestamp;
    send_event(
        ear, event.with_clock(leg.peer->format.telephone_event_clock, ear.peer->format.telephone_event_clock),
        first, traffic_);
}

void Digits::tick(std::uint64_t number, Moment now) {
    std::erase_if(playing_, [&](LegAudio* ear) { return !play_next(*ear, number, now); });
}

void Digits::adopt(LegAudio& leg) {
    if (!leg.digits_sent.idle()) playing_.push_back(&leg);
}

void Digits::forget(const LegAudio& leg) {
    std::erase(playing_, &leg);
}

void Digits::play(LegAudio& ear, char digit) {
    const bool playing = !ear.digits_sent.idle();
    if (ear.digits_sent.add(digit) && !playing) playing_.push_back(&ear);
}

/// False when nothing is left to be played.
bool Digits::play_next(LegAudio& ear, std::uint64_t number, Moment now) {
    const auto step = ear.digits_sent.next();
    const bool done = ear.digits_sent.idle();
    if (ear.peer && ear.peer->send && ear.source.target()) {
        if (ear.peer->digits == DigitWay::tones)
            play_tone(ear, step, number, now);
        else if (step && takes_events(ear))
            play_event(ear, *step, now);
    }
    if (done) ear.tones_sent.reset();
    return !done;
}

void Digits::play_event(LegAudio& ear, const DigitSender::Step& step, Moment now) {
    if (step.first) ear.event_timestamp = ear.sender.event_timestamp(now);
    ear.event_source_timestamp.reset();
    send_event(ear, step.event.with_clock(narrow_rate, ear.peer->format.telephone_event_clock), step.first,
               traffic_);
}

/// The packets that end an event, and the pause after it, are silence here.
void Digits::play_tone(LegAudio& ear, const std::optional<DigitSender::Step>& step, std::uint64_t number,
                       Moment now) {
    if (!ear.tones_sent) ear.tones_sent = std::make_unique<ToneSender>(ear.peer->format);
    const bool sounds = step && !step->event.end;
    const auto packet =
        ear.tones_sent->next(sounds ? std::optional(step->event.event) : std::nullopt, sounds && step->first);
    if (packet.empty()) return;
    send_audio(ear, packet, number + 1 - ear.tones_sent->frames(), traffic_, now);
}

}  // namespace patchbay::media
