#include "ecss/recordings.hpp"

#include <fmt/format.h>

#include "ecss/http_transport.hpp"
#include "http/file_response.hpp"

namespace patchbay::ecss {
namespace {

http::Response refusal(int status, std::string_view text) {
    return {status, "text/plain; charset=utf-8", std::string(text) + "\n", {{"Cache-Control", "no-store"}}};
}

http::Response serve(Services& services, media::RecordingArchive& archive, const http::Request& request) {
    const auto domain = services.access.domain(request.parameter("domain"));
    if (!domain) return refusal(404, domain.error().text);
    const auto caller = identify(services, request, *domain->domain);
    if (!caller) {
        auto response = refusal(caller.error().code == "too_many_attempts" ? 429 : 401, caller.error().text);
        response.headers.emplace_back(
            "WWW-Authenticate", fmt::format(R"(Basic realm="{}", charset="UTF-8")", domain->domain->name));
        return response;
    }
    const auto id = Uuid::parse(request.parameter("uuid"));
    const auto found = id ? archive.find(*id) : std::nullopt;
    if (!found || found->facts.domain != domain->domain->name)
        return refusal(404, "There is no such recording.");
    auto response = may_hear(*caller, found->facts)
                        ? http::file_response(request, found->path, found->content_type)
                        : refusal(403, "The recording is another's.");
    response.headers.emplace_back("Cache-Control", "private");
    archive.note_read(*id, {"ecss", caller->person->id, request.remote}, response.status);
    return response;
}

}  // namespace

bool may_hear(const Caller& caller, const media::RecordingFacts& facts) {
    const auto& person = *caller.person;
    if (!facts.operator_id.empty() && facts.operator_id == person.id) return true;
    return person.supervisor && !person.group.empty() && facts.group == person.group;
}

http::Handler recordings_handler(std::shared_ptr<Services> services, media::RecordingArchive& archive) {
    return [services = std::move(services), &archive](const http::Request& request,
                                                      const http::Responder& responder) {
        responder(serve(*services, archive, request));
    };
}

}  // namespace patchbay::ecss
