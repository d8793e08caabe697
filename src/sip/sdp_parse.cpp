#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "sip/sdp.hpp"
#include "sip/sdp_formats.hpp"
#include "sip/sdp_security.hpp"
#include "sip/sdp_words.hpp"

namespace patchbay::sip::sdp {
namespace {

constexpr std::array<std::pair<Profile, std::string_view>, 7> profiles{{
    {Profile::avp, "RTP/AVP"},
    {Profile::avpf, "RTP/AVPF"},
    {Profile::savp, "RTP/SAVP"},
    {Profile::savpf, "RTP/SAVPF"},
    {Profile::dtls_savp, "UDP/TLS/RTP/SAVP"},
    {Profile::dtls_savpf, "UDP/TLS/RTP/SAVPF"},
    {Profile::udptl, "udptl"},
}};

Profile profile_of(std::string_view text) {
    for (const auto& [profile, name] : profiles)
        if (iequals(text, name)) return profile;
    return Profile::other;
}

bool is_text(std::string_view line) {
    return std::ranges::none_of(line,
                                [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
}

/// Reads a body line by line. A line's handler says what it expected, or nothing when all is well.
class Parser {
  public:
    Result<Description> parse(std::string_view body);

  private:
    Expected line(char type, std::string_view value);
    Expected origin(std::string_view value);
    Expected connection(std::string_view value);
    Expected media(std::string_view value);
    Expected attribute(std::string_view value);
    Expected media_attribute(std::string_view name, std::string_view value);
    Expected rtcp(std::string_view value);
    void group(std::string_view value);
    void complete();

    bool in_media() const { return !description_.media.empty(); }
    Media& current() { return description_.media.back(); }

    Description description_;
    std::string address_;  ///< of the body
    std::optional<Direction> direction_;
    Security security_;
    bool has_origin_ = false;
};

Error malformed(std::size_t number, std::string_view line, std::string_view expected) {
    constexpr std::size_t shown = 60;
    const bool printable = is_text(line) && is_utf8(line);
    return {"sdp_malformed", fmt::format("SDP line {} (\"{}\"): expected {}", number,
                                         printable ? line.substr(0, shown) : "unprintable", expected)};
}

Result<Description> Parser::parse(std::string_view body) {
    if (body.size() > Limits::bytes) return Error{"sdp_malformed", "the SDP body is too long"};
    std::size_t number = 0;
    while (!body.empty()) {
        const std::size_t end = body.find('\n');
        std::string_view text = body.substr(0, end);
        body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
        if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
        if (++number > Limits::lines) return malformed(number, text, "fewer lines");
        if (trim(text).empty()) continue;
        if (text.size() > Limits::line_bytes) return malformed(number, text, "a shorter line");
        if (text.size() < 2 || text[1] != '=' || !is_text(text)) return malformed(number, text, "type=value");
        if (number == 1 && text.substr(0, 3) != "v=0") return malformed(number, text, "v=0");
        if (const Expected expected = line(text[0], trim(text.substr(2))))
            return malformed(number, text, *expected);
    }
    if (!has_origin_) return Error{"sdp_malformed", "the SDP body has no o= line"};
    complete();
    return std::move(description_);
}

Expected Parser::line(char type, std::string_view value) {
    switch (type) {
        case 'o':
            return in_media() ? Expected{"o= before the first m="} : origin(value);
        case 's':
            if (!in_media()) description_.name = value.empty() ? "-" : value;
            return {};
        case 'c':
            return connection(value);
        case 'm':
            return media(value);
        case 'a':
            return attribute(value);
        default:
            return {};
    }
}

Expected Parser::origin(std::string_view value) {
    constexpr std::string_view expected = "o=user id version IN IP4|IP6 address";
    Origin& origin = description_.origin;
    origin.username = next_word(value);
    origin.session_id = next_word(value);
    origin.version = next_word(value);
    if (origin.version.empty()) return expected;
    if (next_word(value) != "IN" || next_word(value).empty()) return expected;
    origin.address = next_word(value);
    if (origin.address.empty()) return expected;
    has_origin_ = true;
    return {};
}

Expected Parser::connection(std::string_view value) {
    constexpr std::string_view expected = "c=IN IP4|IP6 address";
    if (next_word(value) != "IN") return expected;
    const std::string_view family = next_word(value);
    if (family != "IP4" && family != "IP6") return expected;
    std::string_view address = next_word(value);
    if (address.empty()) return expected;
    if (address.find('/') != std::string_view::npos) return "a unicast address";
    (in_media() ? current().address : address_) = address;
    return {};
}

Expected Parser::media(std::string_view value) {
    if (description_.media.size() == Limits::media) return "fewer m= lines";
    Media media;
    media.kind = next_word(value);
    std::string_view port = next_word(value);
    port = port.substr(0, port.find('/'));
    media.profile_text = next_word(value);
    media.profile = profile_of(media.profile_text);
    media.format_text = trim(value);
    const auto number = number_in(port, 0, 65535);
    if (media.kind.empty() || !number || media.format_text.empty()) return "m=kind port protocol formats";
    media.port = static_cast<std::uint16_t>(*number);
    if (media.profile != Profile::other && media.profile != Profile::udptl)
        if (const Expected expected = read_formats(media)) return expected;
    description_.media.push_back(std::move(media));
    return {};
}

Expected Parser::attribute(std::string_view value) {
    const std::size_t colon = value.find(':');
    const std::string_view name = value.substr(0, colon);
    const std::string_view content =
        colon == std::string_view::npos ? std::string_view{} : trim(value.substr(colon + 1));
    for (const Direction direction :
         {Direction::sendrecv, Direction::sendonly, Direction::recvonly, Direction::inactive})
        if (name == word(direction)) {
            (in_media() ? current().direction : direction_) = direction;
            return {};
        }
    if (in_media()) return media_attribute(name, content);
    if (name == "ice-lite") description_.ice_lite = true;
    if (name == "group") group(content);
    read_security(security_, name, content);
    return {};
}

Expected Parser::media_attribute(std::string_view name, std::string_view value) {
    if (name == "mid" && value.find_first_of(" \t") == std::string_view::npos) current().mid = value;
    if (current().profile == Profile::udptl) read_t38(current(), name, value);
    if (current().profile == Profile::other || current().profile == Profile::udptl) return {};
    if (read_security(current().security, name, value)) return {};
    if (name == "rtpmap") return read_rtpmap(current(), value);
    if (name == "rtcp") return rtcp(value);
    if (name == "fmtp") read_fmtp(current(), value);
    if (name == "rtcp-mux") current().rtcp_mux = true;
    if (name == "ptime") current().ptime = number_in(value.substr(0, value.find('.')), 1, 1000).value_or(0);
    return {};
}

Expected Parser::rtcp(std::string_view value) {
    constexpr std::string_view expected = "a=rtcp:port [IN IP4|IP6 address]";
    const auto port = number_in(next_word(value), 0, 65535);
    if (!port) return expected;
    config::Endpoint endpoint{{}, static_cast<std::uint16_t>(*port)};
    if (next_word(value) == "IN") {
        next_word(value);
        endpoint.address = next_word(value);
        if (!is_address(endpoint.address)) return expected;
    }
    current().rtcp = std::move(endpoint);
    return {};
}

void Parser::group(std::string_view value) {
    if (next_word(value) != "BUNDLE") return;
    for (std::string_view mid = next_word(value); !mid.empty(); mid = next_word(value))
        if (description_.bundle.size() < Limits::media) description_.bundle.emplace_back(mid);
}

/// What the body says for all its media lines, said to each (RFC 8866, sections 5.7 and 6.7).
void Parser::complete() {
    for (Media& media : description_.media) {
        if (media.address.empty()) media.address = address_;
        if (!media.direction) media.direction = direction_;
        inherit_security(media.security, security_);
    }
}

}  // namespace

Result<Description> parse(std::string_view body) {
    return Parser{}.parse(body);
}

}  // namespace patchbay::sip::sdp
