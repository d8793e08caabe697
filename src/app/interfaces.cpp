#include "app/interfaces.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

#include <unistd.h>

#include "app/sip_sockets.hpp"
#include "app/statistics_routes.hpp"
#include "app/version.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "ecss/routes.hpp"
#include "http/server.hpp"
#include "observe/audited_gateway.hpp"
#include "observe/routes.hpp"
#include "ringme/routes.hpp"

namespace patchbay::app {
namespace {

// Where spec/ is: said by the environment, beside the sources of a build, or installed.
std::filesystem::path spec_folder() {
    if (const char* named = std::getenv("PATCHBAY_SPEC")) return named;
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    for (auto folder = program.parent_path(); folder != folder.root_path(); folder = folder.parent_path()) {
        if (std::filesystem::exists(folder / "spec/ecss")) return folder / "spec";
    }
    return "/usr/share/patchbay/spec";
}

std::string problem_of(Readiness readiness) {
    switch (readiness) {
        case Readiness::starting:
            return "starting";
        case Readiness::draining:
            return "no new calls are taken: the server is about to stop";
        case Readiness::serving:
            break;
    }
    return "";
}

std::vector<observe::Check> checks(Storage& storage, std::function<Readiness()> readiness) {
    return {
        {"calls", [asked = std::move(readiness)] { return problem_of(asked()); }},
        {"journal", [&storage] { return storage.writable() ? "" : "the disk does not take events"; }},
        // Calls go on without it: their events wait in the journal.
        {"history",
         [&storage] { return storage.recording() ? "" : "the database is behind the journal; calls go on"; },
         false},
    };
}

}  // namespace

struct Interfaces::State {
    State(const CurrentConfig& config, call::Gateway& gateway, acd::Gateway& desk, Storage& storage,
          sip::Bridge& bridge, std::function<Readiness()> readiness)
        : audited(gateway),
          recordings(config.get()->media.recordings),
          faxes(config.get()->media.faxes),
          server(config.get()->http, routes(config, desk, storage, bridge, std::move(readiness))) {}

    http::Router routes(const CurrentConfig& config, acd::Gateway& desk, Storage& storage,
                        sip::Bridge& bridge, std::function<Readiness()> readiness);

    observe::AuditedGateway audited;
    media::RecordingArchive recordings, faxes;
    http::Server server;
};

http::Router Interfaces::State::routes(const CurrentConfig& config, acd::Gateway& desk, Storage& storage,
                                       sip::Bridge& bridge, std::function<Readiness()> readiness) {
    http::Router router;
    const auto current = [&config] { return config.get(); };
    ecss::add_routes(router, {.gateway = audited,
                              .desk = &desk,
                              .feed = storage.feed(),
                              .history = storage.reader(),
                              .config = current,
                              .now = wall_time,
                              .ticks = steady_time,
                              .schemas = spec_folder() / "ecss",
                              .recordings = &recordings,
                              .faxes = &faxes,
                              .key_file = std::filesystem::path(config.get()->node.data) / "history.key"});
    ringme::add_routes(router, {.gateway = audited,
                                .config = current,
                                .now = wall_time,
                                .key_file = std::filesystem::path(config.get()->node.data) / "token.key",
                                .recordings = &recordings});
    add_statistics_routes(router, desk, current, steady_time);
    observe::add_routes(router, {.version = version, .checks = checks(storage, std::move(readiness))});
    add_sip_socket(router, config.get()->sip.websocket, bridge);
    return router;
}

Interfaces::Interfaces(const CurrentConfig& config, call::Gateway& gateway, acd::Gateway& desk,
                       Storage& storage, sip::Bridge& bridge, std::function<Readiness()> readiness)
    : state_(std::make_unique<State>(config, gateway, desk, storage, bridge, std::move(readiness))) {}

Interfaces::~Interfaces() = default;

void Interfaces::start() {
    state_->server.start();
}
void Interfaces::reload(const config::Config& config) {
    if (!config.http.tls) return;
    if (const auto renewed = state_->server.renew_tls(*config.http.tls); !renewed)
        log::error("app", "the certificate stays as it was: {}", renewed.error().text);
}
void Interfaces::stop() {
    state_->server.stop();
}
std::uint16_t Interfaces::port() const {
    return state_->server.port();
}

}  // namespace patchbay::app
