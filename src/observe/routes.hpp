// What operations ask of a server: /metrics (Prometheus), /healthz (it lives), /readyz (it takes calls).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/http.hpp"

namespace patchbay::observe {

/// Something the server needs, as "calls", "journal" or "history".
struct Check {
    std::string name;
    /// What is wrong, for a person; empty: nothing. Any thread; must not block.
    std::function<std::string()> problem;
    bool is_vital = true;  ///< its problem makes the server not ready; else it is only told
};

struct Dependencies {
    const char* version = "";  ///< static storage
    std::vector<Check> checks;
};

/// Adds GET /metrics, /healthz and /readyz. They ask for no credentials: keep them off the public side.
void add_routes(http::Router& router, Dependencies dependencies);

}  // namespace patchbay::observe
