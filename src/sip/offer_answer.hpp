// Offer and answer for one leg's audio (RFC 3264, 6337): which body to send, and what both sides have agreed.
// Pure; knows nothing of dialogs. A fork's early dialogs each hold a copy. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "media/format.hpp"
#include "sip/media_security.hpp"
#include "sip/sdp.hpp"

namespace patchbay::sip {

/// What offer and answer settled for a leg.
struct Agreed {
    media::Remote remote;
    bool held = false;  ///< the peer holds: it takes no audio (its sendonly, inactive, or address 0.0.0.0)
};

/// The leg's place in the exchange: at most one offer is open at a time.
enum class ExchangeState : std::uint8_t { idle, offer_sent, offer_received };

/// Codes of the errors below.
namespace exchange_error {
inline constexpr std::string_view malformed = "sdp_malformed";        ///< 400
inline constexpr std::string_view not_acceptable = "not_acceptable";  ///< 488: no audio or no codec of ours
inline constexpr std::string_view glare = "glare";                    ///< 491: our own offer is open
inline constexpr std::string_view pending = "offer_pending";  ///< 500 with Retry-After: one is open already
inline constexpr std::string_view no_offer = "no_offer";      ///< nothing to answer, or no answer awaited
}  // namespace exchange_error

/// The SIP status that answers an offer refused with this error: 400, 488, 491 or 500.
int sip_status(const Error& error);

class OfferAnswer {
  public:
    /// `codecs`: ours, in the order we like them; not empty. `session_id`: for o=, unique on this node.
    /// `ptime`: milliseconds a packet that we ask for, and send when the peer asks for none.
    OfferAnswer(std::vector<media::Codec> codecs, std::uint64_t session_id, int ptime = 20,
                MediaTerms security = {});

    ExchangeState state() const { return state_; }
    /// How digits go to the leg and come from it, by its setting.
    config::Dtmf dtmf() const { return dtmf_; }

    /// The body of an offer of ours. `local`: where we take RTP. `prefer`: codecs to put first, as usable()
    /// of the other leg says. `direction`: ours; none: a peer that holds stays held,
    /// any other gets sendrecv. Error: pending.
    Result<std::string> offer(const config::Endpoint& local, std::span<const media::Codec> prefer = {},
                              std::optional<sdp::Direction> direction = {});

    /// Our offers name comfort noise from now on. Those to a peer that has named it itself do anyway.
    void offer_noise() { noise_ = true; }
    /// The peer has named comfort noise, in the offer that is open or in its last body.
    bool knows_noise() const;

    /// From now on T.38 is taken in the place of audio.
    void allow_t38() { t38_ = true; }
    /// The body of an offer of T.38 in the place of audio. Error: pending.
    Result<std::string> offer_t38(const config::Endpoint& local);

    /// Takes the peer's offer. Errors (the state stays as it was): malformed, not_acceptable, glare, pending.
    Result<Done> receive_offer(std::string_view body);

    /// The body that answers the offer taken, choosing the first of `prefer` that was offered, else what is
    /// agreed already, else the peer's first that we know. An offer with the version of the last one (a
    /// session refresh) keeps the codec whatever is preferred. After it agreed() is new. Error: no_offer.
    Result<std::string> answer(const config::Endpoint& local, std::span<const media::Codec> prefer = {});

    /// Takes the answer to our offer; a refused answer leaves the earlier agreement. Errors: malformed,
    /// not_acceptable, no_offer.
    Result<Done> receive_answer(std::string_view body);

    /// The same for the body of an unreliable 18x, which only previews the answer: our offer stays open
    /// (RFC 6337, section 2.2).
    Result<Done> preview_answer(std::string_view body);

    /// The final answer has no body: the preview was it, as many gateways mean it. Error: no_offer.
    Result<Done> confirm_preview();

    /// The open offer was refused or its request failed: back to what was agreed before.
    void withdraw();

    /// None until the first exchange is complete (or previewed).
    const std::optional<Agreed>& agreed() const { return agreed_; }
    /// The body we sent last; repeats of a final answer send it again (a 200 after a 183).
    const std::string& local_body() const { return local_body_; }
    /// Codecs of ours the peer can use: the agreed one first, then as its last body lists them.
    const std::vector<media::Codec>& usable() const { return usable_; }

  private:
    /// What an offer that is refused leaves standing.
    struct Before {
        MediaSecurity security;
        std::optional<Agreed> agreed;
    };
    struct Choice {
        std::size_t line = 0;  ///< which m= line of the peer's is our audio
        media::Format format;
        bool removed = false;  ///< its port is 0: the peer wants no audio at all for now
        bool t38 = false;      ///< it is a line of T.38
    };

    std::optional<media::Codec> ours(const sdp::Format& format) const;
    std::vector<media::Codec> preferred(std::span<const media::Codec> prefer) const;
    Result<Choice> choose(const sdp::Description& remote, std::span<const media::Codec> prefer) const;
    std::optional<media::Format> format_of(const sdp::Media& remote,
                                           std::span<const media::Codec> order) const;
    Result<Done> settle_answer(std::string_view body);
    void agree(const sdp::Media& remote, const media::Format& format, sdp::Direction ours,
               media::Protection protection);
    std::optional<Choice> choose_t38(const sdp::Description& remote) const;
    void agree_t38(const sdp::Media& remote);
    const std::string& publish(const config::Endpoint& local);
    void open(ExchangeState state);
    void close();

    std::vector<media::Codec> codecs_;
    std::uint64_t session_id_;
    int ptime_;
    config::Dtmf dtmf_;
    int gain_;
    std::uint64_t version_ = 0;
    ExchangeState state_ = ExchangeState::idle;
    bool t38_ = false, noise_ = false;
    std::size_t audio_ = 0;  ///< which of lines_ is our audio
    MediaSecurity security_;
    std::vector<sdp::Media> lines_;  ///< of our last body; their number and order never change in a dialog
    std::vector<media::Codec> usable_;
    std::vector<sdp::Format> named_;   ///< by the peer's last body
    std::string remote_version_;       ///< of o= there
    std::vector<std::string> bundle_;  ///< as our last body says
    std::string local_body_;
    std::optional<Agreed> agreed_;
    // Only while an offer is open; a leg has none most of its life, so they are not part of its size.
    std::shared_ptr<const Before> before_;
    std::shared_ptr<const sdp::Description> open_offer_;  ///< the peer's
};

}  // namespace patchbay::sip
