#include "observe/routes.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/metrics.hpp"
#include "observe/process_metrics.hpp"

namespace patchbay::observe {
namespace {

constexpr const char* json_type = "application/json; charset=utf-8";
constexpr const char* exposition_type = "text/plain; version=0.0.4; charset=utf-8";

// A JSON string. Problems are our own sentences; control characters are left out all the same.
std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) >= ' ') out += c;
    }
    return out + '"';
}

// {"ready":false,"checks":{"sip":"ok","journal":"the disk is full"}}
http::Response readiness(const std::vector<Check>& checks) {
    bool ready = true;
    std::string list;
    for (const auto& check : checks) {
        const auto problem = check.problem();
        if (!problem.empty() && check.is_vital) ready = false;
        list += fmt::format("{}{}:{}", list.empty() ? "" : ",", json_string(check.name),
                            json_string(problem.empty() ? "ok" : problem));
    }
    http::Response response;
    response.status = ready ? 200 : 503;
    response.content_type = json_type;
    response.body = fmt::format(R"({{"ready":{},"checks":{{{}}}}})", ready, list);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}  // namespace

void add_routes(http::Router& router, Dependencies dependencies) {
    const auto process = std::make_shared<ProcessMetrics>(dependencies.version);
    router.add("GET", "/metrics", [process](const http::Request&, const http::Responder& responder) {
        process->refresh();
        responder({200, exposition_type, metrics::exposition(), {}});
    });
    router.add("GET", "/healthz", [](const http::Request&, const http::Responder& responder) {
        responder({200, json_type, R"({"status":"ok"})", {}});
    });
    router.add("GET", "/readyz",
               [checks = std::move(dependencies.checks)](
                   const http::Request&, const http::Responder& responder) { responder(readiness(checks)); });
}

}  // namespace patchbay::observe
