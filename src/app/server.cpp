#include "app/server.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <sys/resource.h>

#include "acd/desk.hpp"
#include "app/current_config.hpp"
#include "app/desk_gateway.hpp"
#include "app/interfaces.hpp"
#include "app/signals.hpp"
#include "app/storage.hpp"
#include "app/switch_gateway.hpp"
#include "base/log.hpp"
#include "base/turns.hpp"
#include "call/cause.hpp"
#include "call/switch.hpp"
#include "config/load.hpp"
#include "config/restart.hpp"
#include "media/engine.hpp"
#include "observe/hep_reports.hpp"
#include "sip/loop.hpp"
#include "sip/stack.hpp"

namespace patchbay::app {
namespace {

constexpr std::size_t waiting_commands = 10'000;
constexpr Milliseconds drain_check{100};
constexpr Milliseconds goodbye{500};  // for BYEs to be answered before the transports go

log::Level level_of(const config::Config& config) {
    if (config.node.log_level == "debug") return log::Level::debug;
    if (config.node.log_level == "warning") return log::Level::warning;
    return config.node.log_level == "error" ? log::Level::error : log::Level::info;
}

// Every leg holds two sockets, every client one: as many as the system lets us have.
void raise_descriptor_limit() {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

// The log runs for as long as this lives.
struct Logging {
    explicit Logging(const config::Config& config) { log::start(level_of(config)); }
    ~Logging() { log::stop(); }
    Logging(const Logging&) = delete;
    Logging& operator=(const Logging&) = delete;
};

}  // namespace

// Members are made in order and go in reverse: what is above may be used by what is below.
struct Server::State {
    State(const config::ConfigPtr& first, std::string config_file)
        : file(std::move(config_file)),
          logging(*first),
          config(first),
          started(first),
          storage(*first, clock),
          timers(clock),
          hep(first->hep),
          media(first->media,
                {[this](LegId leg) { gateway.media_lost(leg); },
                 [this](LegId leg, char digit) { gateway.dtmf(leg, digit); },
                 [this](LegId leg, std::uint32_t id) { gateway.announced(leg, id); },
                 [this](LegId leg, Uuid recording, std::string_view reason) {
                     gateway.recording_failed(leg, recording, reason);
                 },
                 [this](LegId leg, int pages, std::string_view reason) {
                     gateway.fax_ended(leg, pages, reason);
                 },
                 hep.wants_rtcp() ? [this](const media::RtcpNotice& report) { hep.rtcp(report); }
                                  : std::function<void(const media::RtcpNotice&)>()}),
          stack(first, loop, clock, timers, media),
          desk(first, clock, timers),
          events(storage.events(), hep, desk),
          calls(first, {clock, timers, stack, media, events, &desk}),
          interfaces(config, gateway, desk_gateway, storage, stack.bridge(),
                     [this] { return ready.load(); }) {}

    void start();
    void on_signal();
    void reload();
    void begin_drain();
    void check_drained();
    void finish();

    std::string file;
    Signals signals;
    Logging logging;
    CurrentConfig config;
    const config::ConfigPtr started;  ///< the configuration of the start
    SystemClock clock;
    Storage storage;
    Timers timers;
    SwitchGateway gateway{waiting_commands};
    DeskGateway desk_gateway{waiting_commands};
    observe::HepReports hep;
    std::atomic<Readiness> ready{Readiness::starting};
    sip::Loop loop;
    media::Engine media;
    sip::Stack stack;
    acd::Desk desk;
    EventTee events;
    call::Switch calls;
    Interfaces interfaces;
    Ticks drain_end{};
};

void Server::State::start() {
    loop.drive(timers, clock);
    loop.watch(signals.descriptor(), [this] { on_signal(); });
    loop.watch(gateway.descriptor(), [this] { gateway.run(calls); });
    loop.watch(desk_gateway.descriptor(), [this] { desk_gateway.run(desk); });
    desk.start(calls);
    stack.start(calls);
    interfaces.start();
    ready = Readiness::serving;
    log::info("app", "ready: HTTP on {}:{}", config.get()->http.listen.address, interfaces.port());
}

void Server::State::on_signal() {
    while (const auto signal = signals.take()) {
        if (*signal == SIGHUP) {
            reload();
        } else if (ready == Readiness::draining) {
            log::warning("app", "second signal: ending at once");
            finish();
        } else {
            begin_drain();
        }
    }
}

void Server::State::reload() {
    const auto loaded = config::load_file(file);
    for (const auto& problem : loaded.problems) log::error("app", "not reloaded: {}", problem.text());
    if (!loaded.config) return;
    for (const auto& warning : loaded.warnings) log::warning("app", "{}", warning.text());
    for (const auto name : config::waiting_for_restart(*started, *loaded.config))
        log::warning("app", "{} stays as it was until the next start", name);
    log::set_level(level_of(*loaded.config));
    config.set(loaded.config);
    calls.reload(loaded.config);
    desk.reload(loaded.config);
    stack.reload(loaded.config);
    interfaces.reload(*loaded.config);
    log::info("app", "configuration reloaded from {}", file);
}

void Server::State::begin_drain() {
    const auto patience = config.get()->node.drain_timeout;
    log::info("app", "draining: {} calls may go on for {} s", calls.calls(), patience.count());
    ready = Readiness::draining;
    drain_end = clock.ticks() + patience;
    calls.drain();
    stack.drain();
    check_drained();
}

void Server::State::check_drained() {
    if (calls.calls() == 0 || clock.ticks() >= drain_end) return finish();
    timers.after(drain_check, [this] { check_drained(); });
}

void Server::State::finish() {
    const auto open = calls.calls();
    calls.clear_all(call::causes::shutdown);
    timers.after(open == 0 ? Milliseconds{0} : goodbye, [this] { loop.stop(); });
}

Server::Server(const config::ConfigPtr& config, std::string file) {
    raise_descriptor_limit();
    std::filesystem::create_directories(config->node.data);
    state_ = std::make_unique<State>(config, std::move(file));
}

Server::~Server() = default;

void Server::run() {
    state_->start();
    take_short_turns();
    state_->loop.run();
    state_->interfaces.stop();
    log::info("app", "ended");
}

}  // namespace patchbay::app
