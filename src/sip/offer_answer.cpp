#include "sip/offer_answer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "sip/codec_sdp.hpp"
#include "sip/media_line.hpp"

namespace patchbay::sip {
namespace {

Error error(std::string_view code, std::string text) {
    return {std::string(code), std::move(text)};
}

bool takes_events(config::Dtmf dtmf) {
    return dtmf == config::Dtmf::automatic || dtmf == config::Dtmf::rfc4733;
}

}  // namespace

int sip_status(const Error& error) {
    if (error.code == exchange_error::malformed) return 400;
    if (error.code == exchange_error::not_acceptable) return 488;
    if (error.code == exchange_error::glare) return 491;
    return 500;
}

OfferAnswer::OfferAnswer(std::vector<media::Codec> codecs, std::uint64_t session_id, int ptime,
                         MediaTerms security)
    : codecs_(std::move(codecs)),
      session_id_(session_id),
      ptime_(ptime),
      dtmf_(security.dtmf),
      gain_(security.gain),
      security_(std::move(security)) {}

Result<std::string> OfferAnswer::offer(const config::Endpoint& local, std::span<const media::Codec> prefer,
                                       std::optional<sdp::Direction> direction) {
    if (state_ != ExchangeState::idle) return error(exchange_error::pending, "an offer is open already");
    if (agreed_ && agreed_->remote.t38) return offer_t38(local);
    auto formats = offered_formats(preferred(prefer), named_, takes_events(dtmf_), noise_ || knows_noise());
    const bool held = agreed_ && agreed_->held;
    const auto ours = direction.value_or(held ? sdp::Direction::recvonly : sdp::Direction::sendrecv);

    if (lines_.empty()) lines_.emplace_back();
    auto line = audio_line(local, std::move(formats), ours, ptime_);
    line.mid = lines_[audio_].mid;
    open(ExchangeState::offer_sent);
    security_.offer(line);
    lines_[audio_] = std::move(line);
    return publish(local);
}

Result<std::string> OfferAnswer::offer_t38(const config::Endpoint& local) {
    if (state_ != ExchangeState::idle) return error(exchange_error::pending, "an offer is open already");
    if (lines_.empty()) lines_.emplace_back();
    auto line = t38_line(local, {});
    line.mid = lines_[audio_].mid;
    open(ExchangeState::offer_sent);
    lines_[audio_] = std::move(line);
    return publish(local);
}

Result<Done> OfferAnswer::receive_offer(std::string_view body) {
    if (state_ == ExchangeState::offer_sent) return error(exchange_error::glare, "our own offer is open");
    if (state_ == ExchangeState::offer_received)
        return error(exchange_error::pending, "the earlier offer is not answered yet");
    auto remote = sdp::parse(body);
    if (!remote) return remote.error();
    if (const auto choice = choose(*remote, {}); !choice) return choice.error();
    open(ExchangeState::offer_received);
    open_offer_ = std::make_shared<const sdp::Description>(std::move(*remote));
    return Done{};
}

Result<std::string> OfferAnswer::answer(const config::Endpoint& local, std::span<const media::Codec> prefer) {
    if (state_ != ExchangeState::offer_received)
        return error(exchange_error::no_offer, "there is no offer to answer");
    const auto choice = choose(*open_offer_, prefer);
    if (!choice) return choice.error();
    const sdp::Media& remote = open_offer_->media[choice->line];
    const sdp::Direction ours = sdp::reversed(wanted(remote));

    lines_.clear();
    bundle_.clear();
    auto protection = choice->removed ? agreed_->remote.protection : media::Protection{};
    for (const sdp::Media& line : open_offer_->media) lines_.push_back(refused(line));
    audio_ = choice->line;
    if (choice->t38) {
        lines_[audio_] = t38_line(local, remote.t38);
        agree_t38(remote);
        remote_version_ = open_offer_->origin.version;
        close();
        return publish(local);
    }
    if (!choice->removed) {
        const media::Format& format = choice->format;
        lines_[audio_] = audio_line(local, answered_formats(format), ours, format.ptime);
        lines_[audio_].profile = remote.profile;
        lines_[audio_].profile_text = remote.profile_text;
        lines_[audio_].mid = remote.mid;
        protection = security_.answer(remote, lines_[audio_]);
        if (std::ranges::count(open_offer_->bundle, remote.mid) != 0) bundle_.push_back(remote.mid);
    }
    agree(remote, choice->format, ours, std::move(protection));
    remote_version_ = open_offer_->origin.version;
    close();
    return publish(local);
}

Result<Done> OfferAnswer::receive_answer(std::string_view body) {
    auto settled = settle_answer(body);
    if (settled) close();
    return settled;
}

Result<Done> OfferAnswer::preview_answer(std::string_view body) {
    return settle_answer(body);
}

Result<Done> OfferAnswer::confirm_preview() {
    if (state_ != ExchangeState::offer_sent || !agreed_)
        return error(exchange_error::no_offer, "no answer was previewed");
    close();
    return Done{};
}

void OfferAnswer::withdraw() {
    if (state_ == ExchangeState::idle) return;
    agreed_ = before_->agreed;
    security_ = before_->security;
    close();
}

void OfferAnswer::open(ExchangeState state) {
    before_ = std::make_shared<const Before>(Before{security_, agreed_});
    state_ = state;
}

void OfferAnswer::close() {
    before_.reset();
    open_offer_.reset();
    state_ = ExchangeState::idle;
}

bool OfferAnswer::knows_noise() const {
    if (!open_offer_) return std::ranges::any_of(named_, is_comfort_noise);
    return std::ranges::any_of(open_offer_->media, [](const sdp::Media& line) {
        return is_audio(line) && std::ranges::any_of(line.formats, is_comfort_noise);
    });
}

std::optional<media::Codec> OfferAnswer::ours(const sdp::Format& format) const {
    const auto codec = codec_of(format);
    return codec && std::ranges::find(codecs_, *codec) != codecs_.end() ? codec : std::nullopt;
}

/// All our codecs, those preferred first.
std::vector<media::Codec> OfferAnswer::preferred(std::span<const media::Codec> prefer) const {
    std::vector<media::Codec> order;
    const auto add = [&](media::Codec codec) {
        if (std::ranges::find(codecs_, codec) == codecs_.end()) return;
        if (std::ranges::find(order, codec) == order.end()) order.push_back(codec);
    };
    std::ranges::for_each(prefer, add);
    std::ranges::for_each(codecs_, add);
    return order;
}

/// What the two of us speak on that line: the first of `order` it lists, else its own first that we know.
std::optional<media::Format> OfferAnswer::format_of(const sdp::Media& remote,
                                                    std::span<const media::Codec> order) const {
    const auto find = [&](std::optional<media::Codec> wish) -> const sdp::Format* {
        for (const sdp::Format& format : remote.formats) {
            const auto codec = ours(format);
            if (codec && (!wish || *codec == *wish)) return &format;
        }
        return nullptr;
    };
    const sdp::Format* found = nullptr;
    for (const media::Codec codec : order)
        if (found == nullptr) found = find(codec);
    if (found == nullptr) found = find(std::nullopt);
    if (found == nullptr) return std::nullopt;

    auto format = agreed_format(remote, *found, ptime_);
    if (!takes_events(dtmf_)) format.telephone_event.reset();
    return format;
}

Result<OfferAnswer::Choice> OfferAnswer::choose(const sdp::Description& remote,
                                                std::span<const media::Codec> prefer) const {
    if (const auto t38 = choose_t38(remote)) return *t38;
    std::vector<media::Codec> order;
    const bool refresh = agreed_ && remote.origin.version == remote_version_;
    if (!refresh) order.assign(prefer.begin(), prefer.end());
    if (agreed_) order.push_back(agreed_->remote.format.codec);

    std::string_view why = "the offer has no audio, or none encrypted as it must be here";
    for (std::size_t line = 0; line < remote.media.size(); ++line) {
        const sdp::Media& candidate = remote.media[line];
        if (!is_audio(candidate) || candidate.port == 0 || !security_.takes(candidate)) continue;
        const auto format = format_of(candidate, order);
        if (!format)
            why = "the offer has no codec of ours";
        else if (!sdp::is_address(candidate.address))
            why = "the offer's audio address is no IP address";
        else
            return Choice{line, *format, false, false};
    }
    if (agreed_ && audio_ < remote.media.size() && remote.media[audio_].port == 0)
        return Choice{audio_, agreed_->remote.format, true, false};
    return error(exchange_error::not_acceptable, std::string(why));
}

std::optional<OfferAnswer::Choice> OfferAnswer::choose_t38(const sdp::Description& remote) const {
    if (!t38_) return std::nullopt;
    const auto line = std::ranges::find_if(remote.media, [](const sdp::Media& media) {
        return is_t38(media) && media.port != 0 && sdp::is_address(media.address);
    });
    if (line == remote.media.end()) return std::nullopt;
    return Choice{static_cast<std::size_t>(line - remote.media.begin()), {}, false, true};
}

Result<Done> OfferAnswer::settle_answer(std::string_view body) {
    if (state_ != ExchangeState::offer_sent) return error(exchange_error::no_offer, "no answer is awaited");
    const auto remote = sdp::parse(body);
    if (!remote) return remote.error();
    const bool asked_t38 = is_t38(lines_[audio_]);
    if (asked_t38 && audio_ < remote->media.size() && is_t38(remote->media[audio_]) &&
        remote->media[audio_].port != 0 && sdp::is_address(remote->media[audio_].address)) {
        agree_t38(remote->media[audio_]);
        remote_version_ = remote->origin.version;
        return Done{};
    }
    if (asked_t38) return error(exchange_error::not_acceptable, "the answer takes no T.38");
    if (audio_ >= remote->media.size() || !is_audio(remote->media[audio_]) || remote->media[audio_].port == 0)
        return error(exchange_error::not_acceptable, "the answer takes no audio");
    const sdp::Media& line = remote->media[audio_];
    if (!sdp::is_address(line.address))
        return error(exchange_error::not_acceptable, "the answer's audio address is no IP address");
    const auto format = format_of(line, {});
    if (!format) return error(exchange_error::not_acceptable, "the answer has no codec of ours");
    auto protection = security_.settle(line);
    if (!protection)
        return error(exchange_error::not_acceptable, "the answer is not encrypted as it was offered");
    agree(line, *format, lines_[audio_].direction.value_or(sdp::Direction::sendrecv), std::move(*protection));
    remote_version_ = remote->origin.version;
    return Done{};
}

/// The audio's format is kept: it may come back.
void OfferAnswer::agree_t38(const sdp::Media& remote) {
    Agreed agreed;
    if (agreed_) agreed.remote.format = agreed_->remote.format;
    agreed.remote.rtp = {remote.address, remote.port};
    agreed.remote.t38 = remote.t38;
    agreed.remote.t38->version = 0;  // the newest that we speak
    agreed_ = std::move(agreed);
}

void OfferAnswer::agree(const sdp::Media& remote, const media::Format& format, sdp::Direction ours,
                        media::Protection protection) {
    Agreed agreed{remote_of(remote, ours, std::move(protection)), false};
    agreed.held = !agreed.remote.send;
    agreed.remote.rtcp_mux = remote.rtcp_mux && lines_[audio_].rtcp_mux;
    agreed.remote.format = format;
    agreed.remote.gain = gain_;
    agreed_ = std::move(agreed);

    named_ = remote.formats;
    usable_.assign(1, format.codec);
    for (const sdp::Format& offered : remote.formats)
        if (const auto codec = OfferAnswer::ours(offered);
            codec && std::ranges::find(usable_, *codec) == usable_.end())
            usable_.push_back(*codec);
}

/// Our body with these lines; its version rises when it says anything new (RFC 3264, section 8).
const std::string& OfferAnswer::publish(const config::Endpoint& local) {
    const bool is_first = local_body_.empty();
    if (is_first) ++version_;
    sdp::Description description;
    description.origin = {"-", std::to_string(session_id_), std::to_string(version_), local.address};
    description.media = lines_;
    description.bundle = bundle_;
    description.ice_lite = security_.ice_lite();
    std::string body = sdp::write(description);
    if (!is_first && body != local_body_) {
        description.origin.version = std::to_string(++version_);
        body = sdp::write(description);
    }
    local_body_ = std::move(body);
    return local_body_;
}

}  // namespace patchbay::sip
