// The dialect of Ringme's current-calls interface (docs/manual/ringme.md): its entry.
#pragma once

#include <filesystem>
#include <functional>

#include "base/clock.hpp"
#include "call/command.hpp"
#include "config/config.hpp"
#include "http/http.hpp"
#include "media/recording_archive.hpp"

namespace patchbay::ringme {

/// What the dialect works with. The gateway outlives the router that it is added to; the functions are called
/// from any thread.
struct Dependencies {
    call::Gateway& gateway;
    std::function<config::ConfigPtr()> config;
    std::function<Time()> now;  ///< wall-clock time
    std::filesystem::path
        key_file{};  ///< the key that signs tokens, made when missing; empty: tokens end with the process
    media::RecordingArchive* recordings = nullptr;  ///< null: none are served
};

/// Adds the routes, each with and without /api/ver1.0 before it. Throws std::runtime_error when the key file
/// can be neither read nor made.
void add_routes(http::Router& router, const Dependencies& dependencies);

}  // namespace patchbay::ringme
