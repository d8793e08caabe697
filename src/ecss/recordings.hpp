// Recordings over HTTP: an operator's own, and a supervisor's group's. Faxes: those of the domain.
#pragma once

#include <memory>

#include "ecss/services.hpp"
#include "http/http.hpp"
#include "media/recording_archive.hpp"

namespace patchbay::ecss {

/// Serves GET /{domain}/service/cc/arm/recordings/{uuid}: by the login session or HTTP Basic. Each reading is
/// noted. The archive outlives the handler.
http::Handler recordings_handler(std::shared_ptr<Services> services, media::RecordingArchive& archive);

/// Serves GET /{domain}/service/cc/arm/faxes/{uuid} to every operator of the domain, by the same ways: PDF,
/// or TIFF when `?format=tiff` asks for it. Each reading is noted.
http::Handler faxes_handler(std::shared_ptr<Services> services, media::RecordingArchive& archive);

/// May they hear it? An operator's own; a supervisor's group's; of no group, all of the domain, as in
/// history.
bool may_hear(const Caller& caller, const media::RecordingFacts& facts);

}  // namespace patchbay::ecss
