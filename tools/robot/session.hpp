// The robot's side of offer and answer: what it takes and where (RFC 3264). Its own, so that a fault of the
// server's rules is not answered by the same fault here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "encryption.hpp"
#include "media/format.hpp"
#include "sip/sdp.hpp"

namespace patchbay::robot {

/// Not thread-safe.
class Session {
  public:
    Session(std::vector<media::Codec> codecs, bool telephone_event, bool comfort_noise,
            Encryption encryption = {});

    /// A body of ours that offers all our codecs. `direction`: which ways we want audio to flow.
    std::string offer(const config::Endpoint& local, sip::sdp::Direction direction);
    /// Takes the peer's offer; false when there is no audio we could take.
    bool take_offer(std::string_view body);
    /// How the offer taken describes the flow.
    sip::sdp::Direction offered_direction() const;
    /// The body that answers the offer taken; `wanted` is narrowed to what the offer allows.
    std::string answer(const config::Endpoint& local, sip::sdp::Direction wanted);
    bool take_answer(std::string_view body);
    /// T.38 is taken from now on when it is offered.
    void take_t38() { t38_ = true; }
    std::string offer_t38(const config::Endpoint& local);
    /// Offers and takes these from now on, in that order.
    void speak(std::vector<media::Codec> codecs) { codecs_ = std::move(codecs); }
    /// The next offer brings new keys for encryption, and the certificate of that fingerprint.
    void rekey(media::Fingerprint fingerprint) { encryption_.rekey(std::move(fingerprint)); }

    /// As agreed; nothing before the first exchange.
    const std::optional<media::Remote>& remote() const { return remote_; }
    /// How the peer's last body described the flow, as the peer sees it.
    sip::sdp::Direction peer_direction() const { return peer_direction_; }

  private:
    struct Choice {
        std::size_t line = 0;
        media::Format format;
        std::optional<media::T38Terms> t38{};
    };
    std::optional<Choice> choose(const sip::sdp::Description& body) const;
    void agree(const sip::sdp::Media& line, const media::Format& format, media::Protection protection);
    sip::sdp::Description description(const config::Endpoint& local);
    sip::sdp::Media audio(const config::Endpoint& local, sip::sdp::Direction direction) const;

    std::vector<media::Codec> codecs_;
    bool telephone_event_, comfort_noise_, t38_ = false;
    Encryption encryption_;
    std::uint64_t id_, version_ = 0;
    sip::sdp::Direction ours_ = sip::sdp::Direction::sendrecv;
    sip::sdp::Direction peer_direction_ = sip::sdp::Direction::sendrecv;
    sip::sdp::Description offered_;  ///< the peer's open offer
    std::optional<media::Remote> remote_;
};

}  // namespace patchbay::robot
