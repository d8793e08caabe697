// What the switch thread's edits do to a media thread's legs.
#include <algorithm>
#include <array>
#include <chrono>

#include "media/links.hpp"
#include "media/media_thread.hpp"
#include "media/oddities.hpp"
#include "media/outlet.hpp"

namespace patchbay::media {

namespace {

/// So long after a change of codec packets of the last one are still taken.
constexpr auto codec_overlap = std::chrono::seconds(2);

/// Throws away what reached a port while it was nobody's.
void drain(const Descriptor& socket) {
    constexpr int most = 10'000;  // a flood must not hold the thread
    std::array<std::uint8_t, 1> byte{};
    for (int i = 0; i < most; ++i) {
        if (recv(socket.get(), byte.data(), byte.size(), MSG_DONTWAIT) < 0) return;
    }
}

}  // namespace

void MediaThread::take_edits(Moment now) {
    mailbox_.drain(edits_);
    for (Edit& edit : edits_) apply_or_defer(edit, now);
    edits_.clear();
}

/// While a leg is awaited only legs come in; everything else keeps its order behind it. No two threads wait
/// for each other: a leg's Release is posted with its Expect, before anything that comes later.
void MediaThread::apply_or_defer(Edit& edit, Moment now) {
    const bool at_once = std::holds_alternative<Adopt>(edit) || std::holds_alternative<Stop>(edit);
    if (!expected_.empty() && !at_once) {
        deferred_.push_back(std::move(edit));
        return;
    }
    std::visit([&](auto& known) { apply(known, now); }, edit);
    if (!expected_.empty() || deferred_.empty()) return;
    for (Edit& waiting : std::exchange(deferred_, {})) apply_or_defer(waiting, now);
}

void MediaThread::apply(Adopt& edit, Moment now) {
    LegAudio& leg = *edit.leg;
    const bool is_new = leg.heard_at == Moment{};
    if (is_new) {
        drain(leg.ports.rtp);
        drain(leg.ports.rtcp);
        leg.heard_at = now;
    }
    expected_.erase(leg.id);
    legs_[leg.id] = std::move(edit.leg);
    watch(leg);
    settle_mode(leg);
    digits_.adopt(leg);
}

void MediaThread::apply(Release& edit, Moment) {
    auto leg = take_out(edit.leg);
    if (!leg) return;
    watch_.give_up(*leg);
    edit.to->post(Adopt{std::move(leg)});
}

void MediaThread::apply(Expect& edit, Moment) {
    expected_.insert(edit.leg);
}

void MediaThread::apply(Hear& edit, Moment now) {
    const FindLeg find_leg = [this](LegId id) { return find(id); };
    for (const call::HearingRow& row : edit.rows) {
        LegAudio* ear = find(row.ear);
        if (ear == nullptr) continue;
        set_sources(*ear, row.sources, shared_.sounds, tick_number(now) + 1, find_leg);
        settle_mode(*ear);
    }
}

void MediaThread::apply(Connect& edit, Moment now) {
    LegAudio* leg = find(edit.leg);
    if (leg == nullptr) return;
    const bool first = !leg->peer;
    if (!first && leg->peer->format.payload_type != edit.peer.format.payload_type) {
        leg->last_format = leg->peer->format;
        leg->last_format_until = now + codec_overlap;
    }
    leg->peer = edit.peer;
    leg->sender.set_clock(edit.peer.format.clock_rate);
    leg->receiver.set_clock(edit.peer.format.clock_rate);
    leg->source.expect(edit.peer.rtp, edit.peer.latch);
    if (leg->voice) leg->voice->set_gain(edit.peer.gain);
    security_.agree(*leg, edit.peer.protection, now);
    if (!edit.peer.hear_tones) leg->tones.reset();
    if (edit.peer.hear_tones && !leg->tones) leg->tones = std::make_unique<ToneReader>();
    if (leg->fax) leg->fax->agree(edit.peer.t38);
    leg->heard_at = now;
    leg->lost_told = false;
    if (!leg->rtcp_target.same_host(leg->source.target())) leg->rtcp_target = Address();
    if (first) leg->next_report = rtcp_.next_report(now);
    settle_mode(*leg);
    settle_listeners(*leg);
}

void MediaThread::apply(Press& edit, Moment now) {
    if (LegAudio* leg = find(edit.leg)) digits_.pressed(*leg, edit.digit, DigitWay::info, now);
}

void MediaThread::apply(Record& edit, Moment) {
    if (LegAudio* leg = find(edit.leg)) leg->recording = edit.recording;
}

void MediaThread::apply(BeginFax& edit, Moment) {
    LegAudio* leg = find(edit.leg);
    if (leg == nullptr) return;
    faxes_.begin(*leg, std::move(edit.fax));
    settle_mode(*leg);
}

void MediaThread::apply(EndFax& edit, Moment) {
    if (LegAudio* leg = find(edit.leg)) Faxes::hang_up(*leg);
}

void MediaThread::apply(Close& edit, Moment now) {
    const auto leg = take_out(edit.leg);
    if (!leg) return;
    rtcp_.send_bye(*leg, now);
    tell_oddities(*leg, traffic_);
    leg->ports.last_source = leg->source.locked();
    leg->ports.last_ssrc = leg->receiver.ssrc();
    shared_.ports.give_back(std::move(leg->ports), now);
}

void MediaThread::apply(Stop&, Moment) {
    stopping_ = true;
}

LegAudio* MediaThread::find(LegId leg) const {
    const auto found = legs_.find(leg);
    return found == legs_.end() ? nullptr : found->second.get();
}

/// Takes the leg out of everything that knows it.
std::unique_ptr<LegAudio> MediaThread::take_out(LegId id) {
    const auto found = legs_.find(id);
    if (found == legs_.end()) return nullptr;
    auto leg = std::move(found->second);
    legs_.erase(found);
    const auto listeners = leg->listeners;
    cut_links(*leg);
    for (LegAudio* listener : listeners) settle_mode(*listener);
    if (leg->mode == Mode::mix) mixer_.remove(*leg);
    leg->mode = Mode::none;
    digits_.forget(*leg);
    faxes_.forget(*leg);
    watch_.remove(*leg);
    return leg;
}

void MediaThread::settle_listeners(const LegAudio& leg) {
    for (LegAudio* listener : leg.listeners) settle_mode(*listener);
}

void MediaThread::settle_mode(LegAudio& ear) {
    const Mode wanted = wanted_mode(ear);
    if (wanted == ear.mode) return;
    if (ear.mode == Mode::mix) mixer_.remove(ear);
    if (wanted == Mode::mix) mixer_.add(ear);
    ear.mode = wanted;
}

}  // namespace patchbay::media
