#include "http/metrics.hpp"

namespace patchbay::http {
namespace {

const std::vector<double> latency_bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                         0.025,  0.05,    0.1,    0.25,  0.5,    1,     5};

// Methods come from outside: only known words become labels.
std::string_view method_label(std::string_view method) {
    for (const std::string_view known : {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"}) {
        if (method == known) return known;
    }
    return "other";
}

std::string route_label(const std::string* pattern) {
    return pattern ? *pattern : "none";
}

}  // namespace

ServerMetrics::ServerMetrics()
    : connections(metrics::gauge("patchbay_http_connections", "Open HTTP connections, WebSockets included")),
      sockets(metrics::gauge("patchbay_http_sockets", "Open WebSockets")),
      cut_off(metrics::counter("patchbay_http_sockets_cut_off_total",
                               "WebSockets closed because the client did not read")) {}

void ServerMetrics::answered(const std::string* pattern, std::string_view method, int status,
                             std::chrono::nanoseconds took) {
    auto& route = routes_[pattern];
    if (!route.seconds) {
        route.seconds = &metrics::histogram("patchbay_http_request_seconds",
                                            "From a whole request to its written answer, in seconds",
                                            latency_bounds, {{"route", route_label(pattern)}});
    }
    route.seconds->observe(std::chrono::duration<double>(took).count());
    const auto label = method_label(method);
    auto& counter = route.answers[{label, status}];
    if (!counter) {
        counter = &metrics::counter("patchbay_http_requests_total", "Answered HTTP requests",
                                    {{"route", route_label(pattern)},
                                     {"method", std::string(label)},
                                     {"status", std::to_string(status)}});
    }
    counter->add();
}

void ServerMetrics::refused(const char* reason) {
    metrics::counter("patchbay_http_refused_total", "Connections and requests turned away",
                     {{"reason", reason}})
        .add();
}

}  // namespace patchbay::http
