// The dialect of ECSS-10's call-centre interface (docs/manual/ecss.md): its entry.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "acd/gateway.hpp"
#include "base/clock.hpp"
#include "call/command.hpp"
#include "config/config.hpp"
#include "history/store.hpp"
#include "http/http.hpp"
#include "journal/feed.hpp"
#include "media/recording_archive.hpp"

namespace patchbay::ecss {

/// What the dialect works with. The references outlive the router that it is added to; the functions are
/// called from any thread.
struct Dependencies {
    call::Gateway& gateway;
    acd::Gateway* desk = nullptr;  ///< null: no operators and queues are served
    journal::Feed& feed;
    history::Reader& history;
    std::function<config::ConfigPtr()> config;
    std::function<Time()> now;                      ///< wall-clock time
    std::function<Ticks()> ticks;                   ///< steady time, for idle time-outs
    std::filesystem::path schemas;                  ///< the folder spec/ecss
    media::RecordingArchive* recordings = nullptr;  ///< null: none are served
    media::RecordingArchive* faxes = nullptr;       ///< null: none are served
    Seconds idle_timeout{1800};                     ///< a login session without a request ends after this
    /// Where the key that signs history tags is kept; empty: nowhere, and tags end with the process.
    std::filesystem::path key_file{};
};

/// Adds POST /{domain}/service/cc/arm/{command}, GET /{domain}/service/cc/arm/recordings/{uuid} and
/// …/faxes/{uuid}, the WebSocket at /{domain}/service/cc/arm and the JSON one at /. Throws std::runtime_error
/// when the schemas cannot be compiled.
void add_routes(http::Router& router, Dependencies dependencies);

}  // namespace patchbay::ecss
