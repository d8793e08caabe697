#include "ringme/routes.hpp"

#include <memory>
#include <utility>
#include <variant>

#include "base/key_file.hpp"
#include "base/metrics.hpp"
#include "ringme/access.hpp"
#include "ringme/answers.hpp"
#include "ringme/calls.hpp"
#include "ringme/oauth.hpp"
#include "ringme/recordings.hpp"

namespace patchbay::ringme {
namespace {

// Everything the routes share; they keep it alive.
struct Dialect {
    explicit Dialect(const Dependencies& given)
        : tokens(load_key(given.key_file)),
          access(given.config, given.now, tokens),
          endpoint(given.config, given.now, tokens),
          calls(given.gateway, given.now) {}

    Tokens tokens;
    Access access;
    TokenEndpoint endpoint;
    Calls calls;
};

using Handle = void (Calls::*)(const http::Request&, const Caller&, const http::Responder&);

void count_refusal(int status) {
    if (status < 400) return;
    metrics::counter("patchbay_ringme_refused_total", "Ringme requests that were refused",
                     {{"status", std::to_string(status)}})
        .add();
}

http::Responder counted(http::Responder responder, http::Headers headers) {
    return [responder = std::move(responder), headers = std::move(headers)](http::Response response) {
        count_refusal(response.status);
        response.headers.insert(response.headers.end(), headers.begin(), headers.end());
        responder(std::move(response));
    };
}

http::Handler admitted(const std::shared_ptr<Dialect>& dialect, Handle handle) {
    return [dialect, handle](const http::Request& request, http::Responder responder) {
        auto admitted = dialect->access.admit(request);
        if (auto* refusal = std::get_if<http::Response>(&admitted)) {
            count_refusal(refusal->status);
            return responder(std::move(*refusal));
        }
        const auto& caller = std::get<Caller>(admitted);
        (dialect->calls.*handle)(request, caller, counted(std::move(responder), caller.limit_headers));
    };
}

http::Handler records(const std::shared_ptr<Dialect>& dialect, media::RecordingArchive& archive) {
    return [dialect, &archive](const http::Request& request, const http::Responder& responder) {
        auto admitted = dialect->access.admit(request);
        if (auto* refusal = std::get_if<http::Response>(&admitted)) {
            count_refusal(refusal->status);
            return responder(std::move(*refusal));
        }
        const auto& caller = std::get<Caller>(admitted);
        counted(responder, caller.limit_headers)(recording(archive, request, caller));
    };
}

http::Response refuse(int status, std::string_view text) {
    count_refusal(status);
    return status == 404 ? error(404, "not_found", "Not found") : error(status, "method_not_allowed", text);
}

}  // namespace

void add_routes(http::Router& router, const Dependencies& dependencies) {
    const auto dialect = std::make_shared<Dialect>(dependencies);
    for (const auto* prefix : {"/api/ver1.0", "/extension", "/client", "/oauth"})
        router.refuse_below(prefix, refuse);
    for (const std::string base : {"", "/api/ver1.0"}) {
        router.add("POST", base + "/oauth/token",
                   [dialect](const http::Request& request, const http::Responder& responder) {
                       auto answer = dialect->endpoint.answer(request);
                       count_refusal(answer.status);
                       responder(std::move(answer));
                   });
        if (dependencies.recordings != nullptr)
            router.add("GET", base + "/record/{uuid}", records(dialect, *dependencies.recordings));
        const auto list = base + "/extension/{extension_id}/current_calls/";
        const auto single = list + "{call_api_id}";
        router.add("GET", list, admitted(dialect, &Calls::of_extension));
        router.add("GET", base + "/client/{client_id}/current_calls/", admitted(dialect, &Calls::of_client));
        router.add("GET", single, admitted(dialect, &Calls::find));
        router.add("PUT", single, admitted(dialect, &Calls::update));
        router.add("DELETE", single, admitted(dialect, &Calls::clear));
    }
}

}  // namespace patchbay::ringme
