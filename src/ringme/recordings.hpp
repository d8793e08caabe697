// Recordings over HTTP, for applications of the domain and for a user's own extension.
#pragma once

#include "http/http.hpp"
#include "media/recording_archive.hpp"
#include "ringme/access.hpp"

namespace patchbay::ringme {

/// Answers GET /record/{uuid}. Each reading is noted.
http::Response recording(media::RecordingArchive& archive, const http::Request& request,
                         const Caller& caller);

}  // namespace patchbay::ringme
