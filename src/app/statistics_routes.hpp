// The desk's figures as CSV: GET /{domain}/statistics/queues.csv and operators.csv, for supervisors.
#pragma once

#include <functional>

#include "acd/gateway.hpp"
#include "config/config.hpp"
#include "http/http.hpp"

namespace patchbay::app {

/// HTTP Basic with a supervisor's login and password; `?id=` chooses one queue or operator. `desk` must
/// outlive the router.
void add_statistics_routes(http::Router& router, acd::Gateway& desk,
                           std::function<config::ConfigPtr()> config, std::function<Ticks()> ticks);

}  // namespace patchbay::app
