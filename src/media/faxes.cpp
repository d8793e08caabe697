#include "media/faxes.hpp"

#include <array>

#include "media/g711.hpp"
#include "media/outlet.hpp"

namespace patchbay::media {

void Faxes::begin(LegAudio& leg, std::unique_ptr<FaxLeg> fax) {
    leg.fax = std::move(fax);
    if (leg.peer) leg.fax->agree(leg.peer->t38);
    legs_.push_back(&leg);
}

void Faxes::hang_up(LegAudio& leg) {
    if (leg.fax) leg.fax->hang_up();
}

bool Faxes::take(LegAudio& leg, std::span<const std::uint8_t> datagram, const Address& from, Moment now) {
    if (!from.same_host(leg.source.target()) || !leg.fax->take(datagram)) return false;
    leg.heard_at = now;
    leg.counts->received.add();
    return true;
}

void Faxes::tick(std::uint64_t number, Moment now) {
    for (LegAudio* leg : legs_) serve(*leg, number, now);
    std::erase_if(legs_, [this](LegAudio* leg) { return ended(*leg); });
}

void Faxes::forget(const LegAudio& leg) {
    std::erase(legs_, &leg);
}

void Faxes::serve(LegAudio& leg, std::uint64_t number, Moment now) {
    const bool may_send = leg.peer && leg.peer->send && leg.source.target();
    if (!may_send) return;
    if (leg.fax->is_t38()) return send_datagrams(leg);
    send_sound(leg, number, now);
}

void Faxes::send_datagrams(LegAudio& leg) {
    const Address& to = leg.source.target();
    for (const auto& datagram : leg.fax->pass_time()) {
        const auto sent = sendto(leg.ports.rtp.get(), datagram.data(), datagram.size(),
                                 MSG_DONTWAIT | MSG_NOSIGNAL, to.data(), to.size());
        if (sent < 0)
            traffic_.send_failed();
        else
            leg.counts->sent.add();
    }
}

void Faxes::send_sound(LegAudio& leg, std::uint64_t number, Moment now) {
    const auto said = leg.fax->speak(now);
    const Format& format = leg.peer->format;
    if (said.empty() || !is_g711(format.codec)) return;
    std::array<std::uint8_t, rtp_header_size + samples_of_frame(narrow_rate)> packet{};
    encode(format.codec, said, std::span(packet).subspan(rtp_header_size));
    send_audio(leg, packet, number, traffic_, now);
}

/// True when the leg's fax is over, which is told.
bool Faxes::ended(const LegAudio& leg) {
    const auto result = leg.fax->take_result();
    if (!result) return false;
    if (ended_) ended_(leg.id, result->pages, result->reason);
    return true;
}

}  // namespace patchbay::media
