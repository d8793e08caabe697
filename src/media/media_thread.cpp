#include "media/media_thread.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/log.hpp"
#include "base/thread.hpp"
#include "base/turns.hpp"
#include "media/oddities.hpp"
#include "media/outlet.hpp"

namespace patchbay::media {

namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 250ms;  ///< how often each leg is looked at
constexpr auto rest = 1ms;             ///< between two rounds, so that packets and edits gather
constexpr int most_rounds = 10;
constexpr std::size_t packets_a_turn = 32;   ///< some 0.1 ms of relaying: then others may use the core
constexpr std::uint64_t most_caught_up = 5;  ///< ticks made up for after a stall; the rest is left out

}  // namespace

MediaThread::MediaThread(const Shared& shared, RecordingRing& taps)
    : shared_(shared),
      mailbox_(0),
      watch_(mailbox_.descriptor()),
      rtcp_(traffic_, shared.canonical_name, shared.host, shared.rtcp),
      security_(traffic_, shared.identity),
      digits_(traffic_, shared.dtmf),
      faxes_(traffic_, shared.fax_ended),
      inlet_(traffic_, rtcp_, security_, taps, digits_, shared.hear_all_digits),
      mixer_(shared.sounds.silence(), traffic_) {
    thread_ = start_thread("media", [this] { run(); });
}

MediaThread::~MediaThread() {
    stop();
}

void MediaThread::stop() {
    if (!thread_.joinable()) return;
    post(Stop{});
    thread_.join();
}

void MediaThread::run() {
    take_short_turns();
    int rounds = 0;
    while (!stopping_) {
        const auto events = watch_.wait(wait_time(std::chrono::steady_clock::now()));
        const Moment now = std::chrono::steady_clock::now();
        const std::uint64_t number = tick_number(now);
        const bool mail = receive(events, now, number);
        // After the packets: an edit may end a leg that still has an event in this batch.
        if (mail) take_edits(now);
        // Packets that waited behind a stall are taken before the ticks they belong to.
        if (!events.empty() && ticking() && number > last_tick_ + 1 && ++rounds < most_rounds) continue;
        rounds = 0;
        run_ticks(now);
        if (now >= next_look_) look_after_legs(now);
        // A wake-up costs more than a packet: a delay nobody hears halves the work of a busy thread.
        if (events.size() < PortWatch::most_events) std::this_thread::sleep_for(rest);
    }
    traffic_.flush();
}

/// Takes the packets. True when there is mail.
bool MediaThread::receive(std::span<const epoll_event> events, Moment now, std::uint64_t tick) {
    std::size_t taken = 0;
    bool mail = false;
    for (const epoll_event& event : events) {
        mail = !take_packet(event, now, tick) || mail;
        if (++taken % packets_a_turn == 0) end_turn();
    }
    return mail;
}

/// False when it is the mailbox that the event tells of.
bool MediaThread::take_packet(const epoll_event& event, Moment now, std::uint64_t tick) {
    if (watch_.is_mail(event)) return false;
    const auto [leg, rtcp] = watch_.place(event);
    if (leg == nullptr) {
        watch_.ignore(event);
    } else if (rtcp) {
        rtcp_.receive(*leg, now);
    } else {
        const bool noisy = leg->noisy;
        inlet_.receive(*leg, now, tick);
        if (leg->security) settle_mode(*leg);  // a check or a handshake may have opened its way
        if (leg->noisy != noisy) settle_listeners(*leg);
    }
    return true;
}

std::uint64_t MediaThread::tick_number(Moment now) const {
    return static_cast<std::uint64_t>((now - shared_.epoch) / tick_length);
}

/// Milliseconds until the next tick or look, rounded up.
int MediaThread::wait_time(Moment now) const {
    Moment next = next_look_;
    if (ticking()) next = std::min(next, shared_.epoch + static_cast<long>(last_tick_ + 1) * tick_length);
    const auto wait = std::chrono::ceil<Milliseconds>(next - now).count();
    return static_cast<int>(std::max<long>(wait, 0));
}

void MediaThread::run_ticks(Moment now) {
    const std::uint64_t due = tick_number(now);
    if (!ticking()) {
        last_tick_ = due;
        return;
    }
    if (due <= last_tick_) return;
    traffic_.ticks_late(due - last_tick_ - 1);
    last_tick_ = std::max(last_tick_, due - std::min(due, most_caught_up));
    while (last_tick_ < due) tick(++last_tick_, now);
}

void MediaThread::tick(std::uint64_t number, Moment now) {
    mixer_.tick(number, now);
    for (const auto& [ear, announcement] : mixer_.ended()) {
        if (shared_.announced) shared_.announced(ear->id, announcement);
        settle_mode(*ear);
    }
    for (LegAudio* ear : mixer_.let_go()) settle_mode(*ear);
    digits_.tick(number, now);
    faxes_.tick(number, now);
}

void MediaThread::look_after_legs(Moment now) {
    for (const auto& [id, leg] : legs_) {
        if (!leg->peer) continue;
        leg->counts->lost.set(leg->receiver.lost());
        tell_oddities(*leg, traffic_);
        leg->counts->jitter.set(static_cast<std::uint64_t>(leg->receiver.jitter_ms()));
        if (leg->security) security_.look_after(*leg, now);
        if (now >= leg->next_report) {
            rtcp_.send_report(*leg, now);
            leg->next_report = rtcp_.next_report(now);
        }
        if (!leg->peer->receive || leg->lost_told || shared_.timeout.count() == 0) continue;
        if (now - leg->heard_at < shared_.timeout) continue;
        leg->lost_told = true;
        if (shared_.lost) shared_.lost(id);
    }
    shared_.ports.trim(now);
    traffic_.flush();
    next_look_ = now + look_interval;
}

void MediaThread::watch(LegAudio& leg) {
    if (watch_.add(leg)) return;
    log::error("media", "cannot watch the ports of leg {}: {}", leg.id.text(),
               std::generic_category().message(errno));
}

}  // namespace patchbay::media
