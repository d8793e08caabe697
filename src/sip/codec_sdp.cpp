#include "sip/codec_sdp.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace patchbay::sip {

namespace {

using media::Codec;

constexpr int shortest_ptime = 10, longest_ptime = 60;  ///< ms
constexpr int telephony_clock = 8000;                   ///< Hz
constexpr std::uint8_t first_dynamic = 96, last_dynamic = 127;
constexpr std::uint8_t noise_type = 13;  ///< static (RFC 3551, table 4)
constexpr std::string_view event_name = "telephone-event", noise_name = "CN";

/// Numbers of ours, where the peer has not given its own. Dynamic ones are those that browsers use.
std::uint8_t usual_type(Codec codec) {
    constexpr std::array<std::uint8_t, media::codec_count> types{8, 0, 9, 111, 98};
    return types[static_cast<std::size_t>(codec)];
}

std::uint8_t usual_event_type(int clock) {
    return clock == telephony_clock ? 101 : 110;
}

bool is_event(const sdp::Format& format) {
    return iequals(format.encoding, event_name);
}

/// Our a=fmtp: that lost packets can be made good from the next, for Opus.
std::string parameters_of(Codec codec) {
    return codec == Codec::opus ? "useinbandfec=1" : std::string();
}

sdp::Format telephone_event(std::uint8_t type, int clock) {
    return {type, std::string(event_name), clock, 1, "0-16"};
}

/// Gives formats their numbers: the peer's for what it named, ours for the rest, none of them twice.
class Numbers {
  public:
    explicit Numbers(std::span<const sdp::Format> named) : named_(named) {}

    std::uint8_t of(const sdp::Format& format) {
        if (format.payload_type < first_dynamic) return format.payload_type;
        for (const sdp::Format& known : named_) {
            if (known.payload_type >= first_dynamic && iequals(known.encoding, format.encoding) &&
                known.clock_rate == format.clock_rate && known.channels == format.channels)
                return known.payload_type;
        }
        auto type = format.payload_type;
        for (int tries = first_dynamic; taken(type) && tries <= last_dynamic; ++tries)
            type = type == last_dynamic ? first_dynamic : static_cast<std::uint8_t>(type + 1);
        given_.push_back(type);
        return type;
    }

  private:
    bool taken(std::uint8_t type) const {
        return std::ranges::find(named_, type, &sdp::Format::payload_type) != named_.end() ||
               std::ranges::find(given_, type) != given_.end();
    }
    std::span<const sdp::Format> named_;
    std::vector<std::uint8_t> given_;
};

}  // namespace

bool is_comfort_noise(const sdp::Format& format) {
    return iequals(format.encoding, noise_name);
}

std::optional<Codec> codec_of(const sdp::Format& format) {
    const auto codec = media::codec_named(format.encoding);
    if (!codec || format.channels != media::sdp_channels(*codec)) return std::nullopt;
    const bool narrow_l16 = *codec == Codec::l16 && format.clock_rate == telephony_clock;
    if (!narrow_l16 && format.clock_rate != media::clock_rate(*codec)) return std::nullopt;
    return codec;
}

media::OpusWish opus_wish(std::string_view parameters) {
    constexpr int lowest_rate = 8000, lowest_bitrate = 6000, highest_bitrate = 510'000;
    media::OpusWish wish;
    for (const std::string_view part : split(parameters, ';')) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view name = trim(part.substr(0, equals));
        const auto value = to_number(trim(part.substr(equals + 1)));
        if (!value) continue;
        if (iequals(name, "useinbandfec")) wish.fec = *value == 1;
        if (iequals(name, "usedtx")) wish.dtx = *value == 1;
        if (iequals(name, "maxplaybackrate") && *value >= lowest_rate)
            wish.playback_rate = static_cast<int>(std::min<long>(static_cast<long>(*value), 48000));
        if (iequals(name, "maxaveragebitrate") && *value >= lowest_bitrate && *value <= highest_bitrate)
            wish.bitrate = static_cast<int>(*value);
    }
    return wish;
}

std::vector<sdp::Format> offered_formats(std::span<const Codec> codecs, std::span<const sdp::Format> named,
                                         bool events, bool noise) {
    Numbers numbers(named);
    std::vector<sdp::Format> formats;
    const auto add = [&](sdp::Format format) {
        format.payload_type = numbers.of(format);
        formats.push_back(std::move(format));
    };
    bool narrow = false, opus = false, telephony = false;
    for (const Codec codec : codecs) {
        add({usual_type(codec), std::string(media::name(codec)), media::clock_rate(codec),
             media::sdp_channels(codec), parameters_of(codec)});
        (codec == Codec::opus ? opus : narrow) = true;
        telephony = telephony || media::clock_rate(codec) == telephony_clock;
    }
    // RFC 4733, section 2.4.1 wants the events at the clock of the audio; RFC 7874 has browsers know both.
    const int opus_clock = media::clock_rate(Codec::opus);
    if (events && opus) add(telephone_event(usual_event_type(opus_clock), opus_clock));
    if (events && narrow) add(telephone_event(usual_event_type(telephony_clock), telephony_clock));
    if (noise && telephony) add({noise_type, std::string(noise_name), telephony_clock, 1, {}});
    return formats;
}

std::vector<sdp::Format> answered_formats(const media::Format& format) {
    std::vector<sdp::Format> formats{{format.payload_type, std::string(media::name(format.codec)),
                                      format.clock_rate, media::sdp_channels(format.codec),
                                      parameters_of(format.codec)}};
    if (format.telephone_event)
        formats.push_back(telephone_event(*format.telephone_event, format.telephone_event_clock));
    if (format.comfort_noise)
        formats.push_back({*format.comfort_noise, std::string(noise_name), format.clock_rate, 1, {}});
    return formats;
}

media::Format agreed_format(const sdp::Media& line, const sdp::Format& chosen, int ptime) {
    media::Format format;
    format.codec = *codec_of(chosen);
    format.payload_type = chosen.payload_type;
    format.clock_rate = chosen.clock_rate;
    format.ptime = std::clamp((line.ptime > 0 ? line.ptime : ptime) / 10 * 10, shortest_ptime, longest_ptime);
    if (format.codec == Codec::opus) format.opus = opus_wish(chosen.parameters);
    for (const sdp::Format& other : line.formats) {
        const bool same_clock = other.clock_rate == chosen.clock_rate;
        if (is_event(other) &&
            (same_clock || (other.clock_rate == telephony_clock && !format.telephone_event))) {
            format.telephone_event = other.payload_type;
            format.telephone_event_clock = other.clock_rate;
        }
        if (same_clock && format.codec != Codec::opus && is_comfort_noise(other))
            format.comfort_noise = other.payload_type;
    }
    return format;
}

}  // namespace patchbay::sip
