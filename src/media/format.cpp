#include "media/format.hpp"

#include "base/text.hpp"

namespace patchbay::media {

std::string_view name(Codec codec) {
    return codec == Codec::pcma ? "PCMA" : "PCMU";
}

std::optional<Codec> codec_named(std::string_view encoding_name) {
    if (iequals(encoding_name, "PCMA")) return Codec::pcma;
    if (iequals(encoding_name, "PCMU")) return Codec::pcmu;
    return std::nullopt;
}

}  // namespace patchbay::media
