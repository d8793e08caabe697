#include "media/engine.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <unordered_map>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "media/media_thread.hpp"
#include "media/placement.hpp"
#include "media/quality.hpp"
#include "media/recorder.hpp"
#include "media/recording_decoder.hpp"
#include "media/recording_file.hpp"
#include "media/recording_keeper.hpp"
#include "media/sound.hpp"

namespace patchbay::media {

namespace {

std::mt19937_64 seeded_random() {
    std::random_device device;
    std::seed_seq seeds{device(), device(), device(), device()};
    return std::mt19937_64(seeds);
}

float factor_of(int decibel) {
    if (decibel == 0) return 1;  // exactly: it is not mixed
    return static_cast<float>(std::pow(10, std::clamp(decibel, -40, 20) / 20.0));
}

}  // namespace

struct Engine::State {
    struct Leg {
        std::uint16_t port;
        std::shared_ptr<LegCounts> counts;
        std::optional<Codec> codec = {};  ///< as agreed last
        std::uint64_t recording = 0;      ///< the recorder's number; 0: not recorded
        bool fax = false;                 ///< it is on the thread for faxes
    };

    State(const config::Media& settings, Notices notices);
    Peer resolve(const Remote& remote) const;
    Address resolve(const config::Endpoint& endpoint) const;
    MediaThread& thread_of(LegId leg) {
        return legs.at(leg).fax ? *fax_thread : *threads[placement.thread_of(leg)];
    }
    bool is_fax(LegId leg) const {
        const auto found = legs.find(leg);
        return found != legs.end() && found->second.fax;
    }

    std::mt19937_64 random = seeded_random();
    const std::string address, faxes;
    const Sounds sounds;
    PortPool pool;
    const DtlsIdentity identity;
    const Shared shared;
    RecordingKeeper keeper;
    Recorder recorder;
    Placement placement;
    std::unordered_map<LegId, Leg> legs;
    metrics::Gauge& open_legs =
        metrics::gauge("patchbay_media_ports_open", "Pairs of media ports in use, one a leg");
    metrics::Counter& no_port = metrics::counter("patchbay_media_no_port_total",
                                                 "Legs refused because no pair of media ports was left");
    std::vector<std::unique_ptr<MediaThread>> threads;  ///< last: they use the rest
    std::unique_ptr<MediaThread> fax_thread;            ///< once a fax came
};

Engine::State::State(const config::Media& settings, Notices notices)
    : address(settings.address),
      faxes(settings.faxes),
      sounds(settings),
      pool(settings.address, settings.first_port, settings.last_port, random()),
      shared{.sounds = sounds,
             .ports = pool,
             .identity = identity,
             .timeout = settings.timeout,
             .hear_all_digits = settings.hear_all_digits,
             .lost = std::move(notices.lost),
             .dtmf = std::move(notices.dtmf),
             .announced = std::move(notices.announced),
             .fax_ended = std::move(notices.fax_ended),
             .rtcp = std::move(notices.rtcp),
             .host = Address::parse({settings.address, 0}).value_or(Address()),
             .canonical_name = hex16(random()),
             .epoch = std::chrono::steady_clock::now()},
      keeper({settings.recordings, settings.recording.retention}, settings.recording.format,
             {settings.faxes, settings.fax.retention}),
      recorder({.folder = settings.recordings,
                .media_threads = static_cast<std::size_t>(std::max(settings.threads, 1)) + 1,
                .failed = std::move(notices.recording_failed),
                .finished = [this](std::filesystem::path wav) { keeper.finished(std::move(wav)); }}),
      placement(static_cast<std::size_t>(std::max(settings.threads, 1))) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(settings.threads, 1)); ++i)
        threads.push_back(std::make_unique<MediaThread>(shared, recorder.ring(i)));
}

/// None when there is no port, or when our sockets cannot reach such an address.
Address Engine::State::resolve(const config::Endpoint& endpoint) const {
    const auto parsed = endpoint.port == 0 ? std::nullopt : Address::parse(endpoint);
    if (!parsed) return {};
    const Address reachable = pool.family() == AF_INET6 ? parsed->mapped() : *parsed;
    return reachable.family() == pool.family() ? reachable : Address();
}

Peer Engine::State::resolve(const Remote& remote) const {
    Peer peer{.rtp = resolve(remote.rtp),
              .rtcp = resolve(remote.rtcp),
              .format = remote.format,
              .send = remote.send,
              .receive = remote.receive,
              .latch = remote.latch,
              .rtcp_mux = remote.rtcp_mux,
              .protection = remote.protection,
              .t38 = remote.t38,
              .digits = remote.digits,
              .hear_tones = remote.hear_tones,
              .gain = factor_of(remote.gain)};
    // A second port would want a second handshake (RFC 5764, section 4.1.2): none of them is without RTCP.
    if (remote.rtcp_mux || std::holds_alternative<DtlsPeer>(remote.protection.keys)) peer.rtcp = Address();
    if (!peer.rtp) peer.latch = false;
    return peer;
}

Engine::Engine(const config::Media& settings, Notices notices)
    : state_(std::make_unique<State>(settings, std::move(notices))) {}

/// All end before the first is gone: they hand legs to each other.
Engine::~Engine() {
    for (const auto& thread : state_->threads) thread->stop();
}

bool Engine::open(LegId leg) {
    if (state_->legs.contains(leg)) return true;
    auto ports = state_->pool.take(std::chrono::steady_clock::now());
    if (!ports) {
        state_->no_port.add();
        return false;
    }
    auto counts = std::make_shared<LegCounts>();
    state_->legs[leg] = {ports->port, counts, {}, 0, false};
    state_->open_legs.set(static_cast<double>(state_->legs.size()));
    const std::uint64_t first = state_->random(), second = state_->random();
    const Sender stream(static_cast<std::uint32_t>(first), static_cast<std::uint16_t>(second),
                        static_cast<std::uint32_t>(first >> 32));
    const std::size_t thread = state_->placement.open(leg);
    state_->threads[thread]->post(
        MediaThread::Adopt{std::make_unique<LegAudio>(leg, std::move(*ports), stream, std::move(counts))});
    return true;
}

void Engine::hear(const call::Hearing& rows) {
    auto plan = state_->placement.hear(rows);
    if (plan.rows.empty()) return;
    MediaThread& to = *state_->threads[plan.thread];
    for (const Placement::Move& move : plan.moves) {
        // In this order: the leg must not come before it is expected.
        to.post(MediaThread::Expect{move.leg});
        state_->threads[move.from]->post(MediaThread::Release{move.leg, &to});
    }
    to.post(MediaThread::Hear{std::move(plan.rows)});
}

void Engine::close(LegId leg) {
    if (!state_->legs.contains(leg)) return;
    if (const auto heard = quality(leg)) count(*heard);
    change_recording(leg, call::RecordingState::stopped);
    state_->thread_of(leg).post(MediaThread::Close{leg});
    state_->placement.close(leg);
    state_->legs.erase(leg);
    state_->open_legs.set(static_cast<double>(state_->legs.size()));
}

std::optional<config::Endpoint> Engine::local(LegId leg) const {
    const auto found = state_->legs.find(leg);
    if (found == state_->legs.end()) return std::nullopt;
    return config::Endpoint{state_->address, found->second.port};
}

void Engine::connect(LegId leg, const Remote& remote) {
    const auto found = state_->legs.find(leg);
    if (found == state_->legs.end()) return;
    found->second.codec = remote.format.codec;
    state_->thread_of(leg).post(MediaThread::Connect{leg, state_->resolve(remote)});
}

void Engine::press(LegId leg, char digit) {
    if (!state_->legs.contains(leg)) return;
    state_->thread_of(leg).post(MediaThread::Press{leg, digit});
}

std::shared_ptr<const Fingerprint> Engine::fingerprint() const {
    return state_->identity.fingerprint();
}

Statistics Engine::statistics(LegId leg) const {
    const auto found = state_->legs.find(leg);
    if (found == state_->legs.end()) return {};
    const LegCounts& counts = *found->second.counts;
    return {.packets_received = counts.received.get(),
            .packets_sent = counts.sent.get(),
            .refused = counts.refused.get(),
            .lost = counts.lost.get(),
            .lost_remote = counts.lost_remote.get(),
            .jitter = Milliseconds(counts.jitter.get()),
            .round_trip = Milliseconds((counts.round_trip.get() * 1000 + 65535) / 65536),
            .codec = found->second.codec ? name(*found->second.codec) : std::string_view()};
}

call::QualityPtr Engine::quality(LegId leg) {
    const Statistics seen = statistics(leg);
    if (seen.codec.empty()) return nullptr;
    return std::make_shared<call::Quality>(quality_of(seen));
}

Uuid Engine::record(LegId leg, const call::RecordingOrder& order) {
    const auto found = state_->legs.find(leg);
    if (found == state_->legs.end() || found->second.recording != 0) return {};
    const Uuid id = Uuid::make(order.started);
    const int rate = RecordingDecoders::rate_for(found->second.codec.value_or(Codec::pcma));
    const std::uint64_t number = state_->recorder.begin(id, facts_of(leg, order), rate);
    if (number == 0) return {};
    found->second.recording = number;
    state_->thread_of(leg).post(MediaThread::Record{leg, number});
    return id;
}

void Engine::change_recording(LegId leg, call::RecordingState state) {
    const auto found = state_->legs.find(leg);
    if (found == state_->legs.end() || found->second.recording == 0) return;
    state_->recorder.change(found->second.recording, state);
    if (state != call::RecordingState::stopped) return;
    found->second.recording = 0;
    state_->thread_of(leg).post(MediaThread::Record{leg, 0});
}

Uuid Engine::receive_fax(LegId leg, const call::FaxOrder& order) {
    const auto found = state_->legs.find(leg);
    if (found == state_->legs.end() || found->second.fax) return {};
    const Uuid id = Uuid::make(order.started);
    const auto stem = recording_stem(state_->faxes, id);
    std::error_code failed;
    std::filesystem::create_directories(stem.parent_path(), failed);
    if (failed) {
        log::error("media", "a fax cannot be kept in {}: {}", stem.parent_path().string(), failed.message());
        return {};
    }
    if (!state_->fax_thread)
        state_->fax_thread =
            std::make_unique<MediaThread>(state_->shared, state_->recorder.ring(state_->threads.size()));
    change_recording(leg, call::RecordingState::stopped);
    MediaThread& from = state_->thread_of(leg);
    // It stays on the thread for faxes, whoever it talked to before and whatever is asked for it.
    state_->placement.close(leg);
    found->second.fax = true;
    // In this order: the leg must not come before it is expected.
    state_->fax_thread->post(MediaThread::Expect{leg});
    from.post(MediaThread::Release{leg, state_->fax_thread.get()});
    auto facts = facts_of(leg, {order.facts, order.call, order.started});
    state_->fax_thread->post(
        MediaThread::BeginFax{leg, std::make_unique<FaxLeg>(FaxJob{stem, order.station, std::move(facts)})});
    return id;
}

void Engine::end_fax(LegId leg) {
    if (state_->is_fax(leg)) state_->fax_thread->post(MediaThread::EndFax{leg});
}

std::size_t Engine::open_ports() const {
    return state_->legs.size();
}

}  // namespace patchbay::media
