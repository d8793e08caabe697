#include "media/recorder.hpp"

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/thread.hpp"
#include "media/recording_decoder.hpp"
#include "media/recording_track.hpp"

namespace patchbay::media {

namespace {

using namespace std::chrono_literals;
using call::RecordingState;

constexpr auto round_length = 100ms;   ///< between two rounds of work
constexpr auto written_every = 300ms;  ///< a file grows so often
/// So long after its place in time a packet may be decoded: a wait for those before it, a round, and what the
/// network adds.
constexpr auto late_packets = RecordingDecoders::patience + round_length + 200ms;
constexpr std::size_t most_orders = 10'000;
constexpr std::size_t largest_packet = 2048;

struct Order {
    std::uint64_t recording = 0;
    RecordingState state = RecordingState::recording;
    Moment at{};
    bool begins = false;
    Uuid id{};
    int rate = 0;
    RecordingFacts facts{};
};

/// One recording under way.
struct Open {
    Open(LegId of, Uuid uuid, RecordingFile to, Moment began, int rate)
        : leg(of),
          id(uuid),
          file(std::move(to)),
          track(began, rate),
          least_write(static_cast<std::size_t>(2 * rate * written_every / 1s)),
          decoders(track, rate) {}
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;

    LegId leg;
    Uuid id;
    RecordingFile file;
    RecordingTrack track;
    std::size_t least_write;  ///< samples that are worth a write
    RecordingDecoders decoders;
};

struct Meters {
    metrics::Gauge& open = metrics::gauge("patchbay_recordings_open", "Recordings being written");
    metrics::Counter& done =
        metrics::counter("patchbay_recordings_total", "Recordings that ended", {{"result", "done"}});
    metrics::Counter& dropped =
        metrics::counter("patchbay_recording_dropped_packets_total",
                         "Packets left out of recordings because the recorder did not keep up");
    static void failed(const std::string& reason) {
        metrics::counter("patchbay_recordings_total", "Recordings that ended", {{"result", reason}}).add();
    }
};

std::string_view kept(const std::string& code) {
    return code == "disk_full" ? "disk_full" : "disk_error";
}

}  // namespace

struct Recorder::State {
    explicit State(RecorderOptions given);
    ~State();

    void run();
    void work(Moment now);
    void take_orders();
    void carry_out(Order& order);
    void begin(Order& order);
    void finish(std::uint64_t recording, Open& open);
    void take_packets(RecordingRing& ring, Moment until);
    void count_dropped();
    bool write(std::uint64_t recording, Open& open, std::size_t least);
    void fail(LegId leg, Uuid id, const Error& error);

    RecorderOptions options;
    std::vector<std::unique_ptr<RecordingRing>> rings;
    Meters meters;

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Order> orders;
    std::uint64_t last_number = 0;
    bool stopping = false;

    // The thread's own.
    std::vector<Order> taken;
    std::unordered_map<std::uint64_t, Open> recordings;
    std::vector<std::uint64_t> over;
    std::uint64_t dropped = 0;  ///< that were counted
    std::thread thread;
};

Recorder::State::State(RecorderOptions given) : options(std::move(given)) {
    if (!options.create) {
        options.create = [this](Uuid id, const RecordingFacts& facts, int rate) {
            return RecordingFile::create(options.folder, id, facts, rate);
        };
    }
    for (std::size_t i = 0; i < options.media_threads; ++i)
        rings.push_back(std::make_unique<RecordingRing>());
    thread = start_thread("recorder", [this] { run(); });
}

Recorder::State::~State() {
    {
        const std::scoped_lock lock(mutex);
        stopping = true;
    }
    changed.notify_all();
    thread.join();
}

void Recorder::State::run() {
    for (bool last = false; !last;) {
        {
            std::unique_lock lock(mutex);
            changed.wait_for(lock, round_length, [this] { return stopping; });
            last = stopping;
        }
        work(std::chrono::steady_clock::now());
    }
    const Moment end = std::chrono::steady_clock::now();
    for (auto& [number, open] : recordings) {
        open.decoders.settle(Moment::max());
        open.track.settle(end);
        finish(number, open);
    }
}

/// Orders are taken first and packets only up to the moment before: so a packet never meets a state that
/// changed before it came.
void Recorder::State::work(Moment now) {
    take_orders();
    for (auto& ring : rings) take_packets(*ring, now);
    count_dropped();
    for (Order& order : taken) {
        const auto found = recordings.find(order.recording);
        if (order.state != RecordingState::stopped || found == recordings.end()) continue;
        found->second.decoders.settle(Moment::max());
        found->second.track.settle(order.at);
        finish(order.recording, found->second);
        recordings.erase(found);
    }
    taken.clear();
    for (auto& [number, open] : recordings) {
        open.decoders.settle(now - RecordingDecoders::patience);
        open.track.settle(now - late_packets);
        if (!write(number, open, open.least_write)) over.push_back(number);
    }
    for (const std::uint64_t number : over) recordings.erase(number);
    over.clear();
    meters.open.set(static_cast<double>(recordings.size()));
}

void Recorder::State::take_orders() {
    {
        const std::scoped_lock lock(mutex);
        taken.swap(orders);
    }
    for (Order& order : taken) carry_out(order);
}

void Recorder::State::carry_out(Order& order) {
    if (order.begins) return begin(order);
    const auto found = recordings.find(order.recording);
    if (found != recordings.end()) found->second.track.change(order.state, order.at);
}

void Recorder::State::begin(Order& order) {
    auto file = options.create(order.id, order.facts, order.rate);
    if (!file) return fail(order.facts.leg, order.id, file.error());
    recordings.try_emplace(order.recording, order.facts.leg, order.id, std::move(*file), order.at,
                           order.rate);
}

void Recorder::State::take_packets(RecordingRing& ring, Moment until) {
    thread_local std::array<std::uint8_t, largest_packet> payload;
    TappedPacket packet;
    while (ring.pop(packet, payload, until)) {
        const auto found = recordings.find(packet.recording);
        if (found == recordings.end()) continue;
        const auto bytes = std::span(payload).first(std::min<std::size_t>(packet.size, payload.size()));
        found->second.decoders.take(packet, bytes);
    }
}

void Recorder::State::count_dropped() {
    std::uint64_t all = 0;
    for (const auto& ring : rings) all += ring->dropped();
    meters.dropped.add(static_cast<double>(all - dropped));
    dropped = all;
}

/// False when the disk took it not: the recording is over.
bool Recorder::State::write(std::uint64_t recording, Open& open, std::size_t least) {
    auto& ready = open.track.ready();
    if (ready.empty() || ready.size() < least) return true;
    const auto written = open.file.append(ready);
    ready.clear();
    if (written) return true;
    // What is on disk is a good recording all the same.
    const auto named = open.file.finish();
    if (named && options.finished) options.finished(*named);
    log::error("media", "recording {} ({}) stopped: {}", open.id.text(), recording, written.error().text);
    fail(open.leg, open.id, written.error());
    return false;
}

void Recorder::State::finish(std::uint64_t recording, Open& open) {
    if (!write(recording, open, 0)) return;
    const auto named = open.file.finish();
    if (!named) return fail(open.leg, open.id, named.error());
    meters.done.add();
    if (options.finished) options.finished(*named);
}

void Recorder::State::fail(LegId leg, Uuid id, const Error& error) {
    Meters::failed(error.code);
    log::error("media", "recording {} of leg {}: {}: {}", id.text(), leg.text(), error.code, error.text);
    if (options.failed) options.failed(leg, id, kept(error.code));
}

Recorder::Recorder(RecorderOptions options) : state_(std::make_unique<State>(std::move(options))) {}

Recorder::~Recorder() = default;

RecordingRing& Recorder::ring(std::size_t media_thread) {
    return *state_->rings.at(media_thread);
}

std::uint64_t Recorder::begin(Uuid id, RecordingFacts facts, int rate) {
    const Moment now = std::chrono::steady_clock::now();
    const std::scoped_lock lock(state_->mutex);
    if (state_->orders.size() >= most_orders) return 0;
    const std::uint64_t number = ++state_->last_number;
    state_->orders.push_back(
        {.recording = number, .at = now, .begins = true, .id = id, .rate = rate, .facts = std::move(facts)});
    return number;
}

void Recorder::change(std::uint64_t recording, RecordingState state) {
    const Moment now = std::chrono::steady_clock::now();
    const std::scoped_lock lock(state_->mutex);
    state_->orders.push_back({.recording = recording, .state = state, .at = now});
}

}  // namespace patchbay::media
