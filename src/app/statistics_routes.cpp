#include "app/statistics_routes.hpp"

#include <memory>
#include <string>
#include <utility>

#include "acd/csv.hpp"
#include "ecss/access.hpp"

namespace patchbay::app {
namespace {

constexpr const char* csv_type = "text/csv; charset=utf-8";
constexpr const char* text_type = "text/plain; charset=utf-8";

http::Response refusal(int status, const std::string& text) {
    http::Response response{status, text_type, text + "\n", {}};
    if (status == 401)
        response.headers.emplace_back("WWW-Authenticate", R"(Basic realm="statistics", charset="UTF-8")");
    return response;
}

int status_of(const Error& error) {
    if (error.code == "unknown_domain") return 404;
    return error.code == "too_many_attempts" ? 429 : 401;
}

int status_of_command(const Error& error) {
    return error.code == acd::refusal::overloaded ? 503 : 404;
}

std::string csv_of(acd::ListFigures::Of of, const acd::Outcome& outcome) {
    return of == acd::ListFigures::Of::queues ? acd::queues_csv(outcome.queue_figures)
                                              : acd::operators_csv(outcome.operator_figures);
}

}  // namespace

void add_statistics_routes(http::Router& router, acd::Gateway& desk,
                           std::function<config::ConfigPtr()> config, std::function<Ticks()> ticks) {
    const auto access = std::make_shared<ecss::Access>(std::move(config), std::move(ticks), Seconds{60});
    const auto answer = [access, &desk](acd::ListFigures::Of of) {
        return [access, &desk, of](const http::Request& request, const http::Responder& responder) {
            const auto caller = access->by_basic(request.parameter("domain"), request.header("Authorization"),
                                                 request.remote);
            if (!caller) return responder(refusal(status_of(caller.error()), caller.error().text));
            if (!caller->person->supervisor) return responder(refusal(403, "only supervisors may read this"));
            desk.submit(
                {caller->domain->name, acd::ListFigures{of, request.query_value("id")}, "http"},
                [of, responder](const Result<acd::Outcome>& outcome) {
                    if (!outcome) {
                        return responder(refusal(status_of_command(outcome.error()), outcome.error().text));
                    }
                    responder({200, csv_type, csv_of(of, *outcome), {{"Cache-Control", "no-store"}}});
                });
        };
    };
    router.add("GET", "/{domain}/statistics/queues.csv", answer(acd::ListFigures::Of::queues));
    router.add("GET", "/{domain}/statistics/operators.csv", answer(acd::ListFigures::Of::operators));
}

}  // namespace patchbay::app
