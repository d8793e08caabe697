// A received fax as a document: the TIFF that the fax machine wrote, and the same pages as PDF.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace patchbay::media {

/// Writes the pages of a TIFF of group 4 (ITU-T T.6) into a PDF, their data as it is. Returns how many.
/// Errors: `bad_tiff`, `disk_error`.
Result<int> write_fax_pdf(const std::filesystem::path& tiff, const std::filesystem::path& pdf);

}  // namespace patchbay::media
