#include "ringme/recordings.hpp"

#include "http/file_response.hpp"
#include "ringme/answers.hpp"

namespace patchbay::ringme {

http::Response recording(media::RecordingArchive& archive, const http::Request& request,
                         const Caller& caller) {
    const auto id = Uuid::parse(request.parameter("uuid"));
    const auto found = id ? archive.find(*id) : std::nullopt;
    if (!found || found->facts.domain != caller.domain->name) {
        return error(404, "record_not_found", "there is no such recording");
    }
    const bool may = caller.number.empty() || caller.number == found->facts.number;
    auto response = may ? http::file_response(request, found->path, found->content_type)
                        : error(403, "forbidden", "the recording is another extension's");
    archive.note_read(*id, {"ringme", caller.name, request.remote}, response.status);
    return response;
}

}  // namespace patchbay::ringme
