// room: sip
// SDP from the wire: whatever is read can be written and read back the same, and no offer or answer, however
// odd, brings the exchange to anything but a body that can be read.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sip/offer_answer.hpp"
#include "sip/sdp.hpp"

namespace {

using patchbay::sip::OfferAnswer;

void require(bool holds) {
    if (!holds) std::abort();
}

void round_trip(std::string_view body) {
    auto first = patchbay::sip::sdp::parse(body);
    if (!first) return;
    first->origin.address = "192.0.2.1";  // what we write is our own; a peer's need be no address
    const std::string written = patchbay::sip::sdp::write(*first);
    if (written.size() > patchbay::sip::sdp::Limits::bytes / 2) return;  // what we add may pass the limits
    require(patchbay::sip::sdp::parse(written).ok());
}

void exchange(std::string_view body) {
    const patchbay::config::Endpoint here{"127.0.0.1", 20000};
    using patchbay::media::Codec;
    const std::vector codecs{Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus, Codec::l16};
    const auto fingerprint = std::make_shared<const patchbay::media::Fingerprint>(
        patchbay::media::Fingerprint{"sha-256", "AA:BB"});
    const patchbay::sip::MediaTerms taking{patchbay::config::Srtp::optional, true, false, fingerprint};
    const patchbay::sip::MediaTerms asking{patchbay::config::Srtp::optional, true, body.size() % 2 == 0,
                                           fingerprint};
    OfferAnswer answerer(codecs, 1, 20, taking), offerer(codecs, 2, 20, asking);
    if (answerer.receive_offer(body)) {
        const auto answer = answerer.answer(here);
        require(answer.ok() && patchbay::sip::sdp::parse(*answer).ok());
        require(answerer.offer(here).ok());
        (void)answerer.receive_answer(body);
    }
    require(offerer.offer(here).ok());
    if (!offerer.receive_answer(body)) offerer.withdraw();
    require(offerer.state() == patchbay::sip::ExchangeState::idle);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    round_trip(body);
    exchange(body);
    return 0;
}
