// What operations ask of a server: /metrics (Prometheus), /healthz (it lives), /readyz (it takes calls).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/http.hpp"

namespace patchbay::observe {

/// Something the server needs to take calls, as "sip", "journal", "history" or "draining".
struct Check {
    std::string name;
    /// What is wrong, for a person; empty: nothing. Any thread; must not block.
    std::function<std::string()> problem;
};

struct Dependencies {
    const char* version = "";  ///< static storage
    std::vector<Check> checks;
};

/// Adds GET /metrics, /healthz and /readyz. They ask for no credentials: keep them off the public side.
void add_routes(http::Router& router, Dependencies dependencies);

}  // namespace patchbay::observe
