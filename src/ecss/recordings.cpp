#include "ecss/recordings.hpp"

#include <fmt/format.h>

#include "ecss/http_transport.hpp"
#include "http/file_response.hpp"

namespace patchbay::ecss {
namespace {

http::Response refusal(int status, std::string_view text) {
    return {status, "text/plain; charset=utf-8", std::string(text) + "\n", {{"Cache-Control", "no-store"}}};
}

/// What is kept in an archive, and who may have it.
struct Shelf {
    media::RecordingArchive& archive;
    std::string_view thing;
    bool (*may_read)(const Caller&, const media::RecordingFacts&);
};

http::Response file_of(const http::Request& request, const media::StoredRecording& found) {
    if (request.query_value("format") != "tiff" || found.path.extension() != ".pdf")
        return http::file_response(request, found.path, found.content_type);
    return http::file_response(request, std::filesystem::path(found.path).replace_extension(".tiff"),
                               "image/tiff");
}

http::Response serve(Services& services, const Shelf& shelf, const http::Request& request) {
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
    const auto found = id ? shelf.archive.find(*id) : std::nullopt;
    if (!found || found->facts.domain != domain->domain->name)
        return refusal(404, fmt::format("There is no such {}.", shelf.thing));
    auto response = shelf.may_read(*caller, found->facts)
                        ? file_of(request, *found)
                        : refusal(403, fmt::format("The {} is another's.", shelf.thing));
    response.headers.emplace_back("Cache-Control", "private");
    shelf.archive.note_read(*id, {"ecss", caller->person->id, request.remote}, response.status);
    return response;
}

http::Handler handler(std::shared_ptr<Services> services, Shelf shelf) {
    return [services = std::move(services), shelf](const http::Request& request,
                                                   const http::Responder& responder) {
        responder(serve(*services, shelf, request));
    };
}

}  // namespace

bool may_hear(const Caller& caller, const media::RecordingFacts& facts) {
    const auto& person = *caller.person;
    if (!facts.operator_id.empty() && facts.operator_id == person.id) return true;
    return person.supervisor && (person.group.empty() || facts.group == person.group);
}

http::Handler recordings_handler(std::shared_ptr<Services> services, media::RecordingArchive& archive) {
    return handler(std::move(services), {archive, "recording", may_hear});
}

http::Handler faxes_handler(std::shared_ptr<Services> services, media::RecordingArchive& archive) {
    return handler(std::move(services), {archive, "fax", [](const auto&, const auto&) { return true; }});
}

}  // namespace patchbay::ecss
