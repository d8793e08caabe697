#include "media/format.hpp"

#include <array>

#include "base/text.hpp"

namespace patchbay::media {

namespace {

struct Known {
    std::string_view name;
    int clock_rate, channels;
};

/// By Codec.
constexpr std::array<Known, codec_count> all{{
    {"PCMA", 8000, 1},
    {"PCMU", 8000, 1},
    {"G722", 8000, 1},
    {"opus", 48000, 2},
    {"L16", 16000, 1},
}};

constexpr const Known& known(Codec codec) {
    return all[static_cast<std::size_t>(codec)];
}

}  // namespace

std::string_view name(Codec codec) {
    return known(codec).name;
}

std::optional<Codec> codec_named(std::string_view encoding_name) {
    for (std::size_t i = 0; i < all.size(); ++i)
        if (iequals(encoding_name, all[i].name)) return static_cast<Codec>(i);
    return std::nullopt;
}

int clock_rate(Codec codec) {
    return known(codec).clock_rate;
}

int sdp_channels(Codec codec) {
    return known(codec).channels;
}

int sample_rate(const Format& format) {
    return format.codec == Codec::g722 ? 16000 : format.clock_rate;
}

bool can_relay(const Format& from, const Format& to) {
    if (is_g711(from.codec) && is_g711(to.codec)) return true;
    return from.codec == to.codec && from.clock_rate == to.clock_rate;
}

}  // namespace patchbay::media
