#include "session.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"

namespace patchbay::robot {

namespace sdp = sip::sdp;

namespace {

constexpr std::uint8_t our_telephone_event = 101;

std::uint8_t payload_type_of(media::Codec codec) {
    constexpr std::array<std::uint8_t, media::codec_count> types{8, 0, 9, 96, 97};
    return types[static_cast<std::size_t>(codec)];
}

sdp::Format format_of(media::Codec codec) {
    return {payload_type_of(codec), std::string(media::name(codec)), media::clock_rate(codec),
            media::sdp_channels(codec), codec == media::Codec::opus ? "useinbandfec=1" : ""};
}

const sdp::Format noise_format{13, "CN", 8000, 1, {}};

sdp::Format telephone_event_format(std::uint8_t payload_type) {
    return {payload_type, "telephone-event", 8000, 1, "0-15"};
}

void add_format(sdp::Media& line, sdp::Format format) {
    if (!line.format_text.empty()) line.format_text += ' ';
    line.format_text += std::to_string(format.payload_type);
    line.formats.push_back(std::move(format));
}

std::uint64_t next_id() {
    static std::uint64_t last = 1000;
    return ++last;
}

}  // namespace

Session::Session(std::vector<media::Codec> codecs, bool telephone_event, bool comfort_noise,
                 Encryption encryption)
    : codecs_(std::move(codecs)),
      telephone_event_(telephone_event),
      comfort_noise_(comfort_noise),
      encryption_(std::move(encryption)),
      id_(next_id()) {}

sdp::Description Session::description(const config::Endpoint& local) {
    sdp::Description made;
    made.name = "robot";
    made.origin = {"robot", std::to_string(id_), std::to_string(++version_), local.address};
    return made;
}

sdp::Media Session::audio(const config::Endpoint& local, sdp::Direction direction) const {
    sdp::Media line;
    line.kind = "audio";
    line.port = local.port;
    line.profile_text = "RTP/AVP";
    line.address = local.address;
    line.direction = direction;
    line.ptime = 20;
    return line;
}

std::string Session::offer(const config::Endpoint& local, sdp::Direction direction) {
    ours_ = direction;
    auto body = description(local);
    auto line = audio(local, direction);
    for (const auto codec : codecs_) add_format(line, format_of(codec));
    if (telephone_event_) add_format(line, telephone_event_format(our_telephone_event));
    if (comfort_noise_) add_format(line, noise_format);
    encryption_.offer(line);
    body.media.push_back(line);
    return sdp::write(body);
}

std::string Session::offer_t38(const config::Endpoint& local) {
    auto body = description(local);
    body.media.push_back(sdp::t38_line(local));
    return sdp::write(body);
}

std::optional<Session::Choice> Session::choose(const sdp::Description& body) const {
    for (std::size_t i = 0; t38_ && i < body.media.size(); ++i) {
        const auto& line = body.media[i];
        if (line.kind == "image" && line.profile == sdp::Profile::udptl && line.port != 0)
            return Choice{i, remote_ ? remote_->format : media::Format{}, line.t38};
    }
    for (std::size_t i = 0; i < body.media.size(); ++i) {
        const auto& line = body.media[i];
        if (line.kind != "audio" || line.port == 0 || !encryption_.takes(line)) continue;
        const auto known = std::ranges::find_if(line.formats, [this](const sdp::Format& format) {
            const auto codec = media::codec_named(format.encoding);
            return codec && std::ranges::find(codecs_, *codec) != codecs_.end();
        });
        if (known == line.formats.end()) continue;
        Choice choice{i, {}};
        choice.format.codec = *media::codec_named(known->encoding);
        choice.format.payload_type = known->payload_type;
        choice.format.clock_rate = known->clock_rate;
        for (const auto& format : line.formats) {
            if (comfort_noise_ && format.encoding == noise_format.encoding && format.clock_rate == 8000)
                choice.format.comfort_noise = format.payload_type;
            if (telephone_event_ && iequals(format.encoding, "telephone-event") && format.clock_rate == 8000)
                choice.format.telephone_event = format.payload_type;
        }
        return choice;
    }
    return std::nullopt;
}

void Session::agree(const sdp::Media& line, const media::Format& format, media::Protection protection) {
    peer_direction_ = line.direction.value_or(sdp::Direction::sendrecv);
    media::Remote remote;
    remote.rtp = {line.address, line.port};
    remote.rtcp = {line.address, static_cast<std::uint16_t>(line.port + 1)};
    remote.format = format;
    remote.protection = std::move(protection);
    remote.send = sdp::sends(ours_) && sdp::receives(peer_direction_) && !sdp::is_unspecified(line.address);
    remote.receive = sdp::receives(ours_) && sdp::sends(peer_direction_);
    remote_ = remote;
}

bool Session::take_offer(std::string_view body) {
    auto parsed = sdp::parse(body);
    if (!parsed || !choose(*parsed)) return false;
    offered_ = std::move(*parsed);
    return true;
}

sdp::Direction Session::offered_direction() const {
    const auto choice = choose(offered_);
    return choice ? offered_.media[choice->line].direction.value_or(sdp::Direction::sendrecv)
                  : sdp::Direction::inactive;
}

std::string Session::answer(const config::Endpoint& local, sdp::Direction wanted) {
    const auto choice = choose(offered_);
    auto body = description(local);
    for (std::size_t i = 0; i < offered_.media.size(); ++i) {
        const auto& line = offered_.media[i];
        if (!choice || i != choice->line) {
            sdp::Media refused = line;
            refused.port = 0;
            body.media.push_back(refused);
            continue;
        }
        if (choice->t38) {
            body.media.push_back(sdp::t38_line(local));
            agree(line, choice->format, {});
            remote_->t38 = choice->t38;
            continue;
        }
        const auto theirs = line.direction.value_or(sdp::Direction::sendrecv);
        ours_ = sdp::direction_of(sdp::sends(wanted) && sdp::receives(theirs),
                                  sdp::receives(wanted) && sdp::sends(theirs));
        auto ours = audio(local, ours_);
        auto format = format_of(choice->format.codec);
        format.payload_type = choice->format.payload_type;
        add_format(ours, format);
        if (choice->format.telephone_event)
            add_format(ours, telephone_event_format(*choice->format.telephone_event));
        if (choice->format.comfort_noise) add_format(ours, noise_format);
        auto protection = encryption_.answer(line, ours);
        body.media.push_back(ours);
        agree(line, choice->format, std::move(protection));
    }
    return sdp::write(body);
}

bool Session::take_answer(std::string_view body) {
    const auto parsed = sdp::parse(body);
    if (!parsed) return false;
    const auto choice = choose(*parsed);
    if (!choice) return false;
    const auto& line = parsed->media[choice->line];
    agree(line, choice->format, choice->t38 ? media::Protection{} : encryption_.settle(line));
    remote_->t38 = choice->t38;
    return true;
}

}  // namespace patchbay::robot
