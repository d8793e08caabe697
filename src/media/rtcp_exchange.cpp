#include "media/rtcp_exchange.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace patchbay::media {

namespace {

std::uint64_t unix_microseconds() {
    const auto unix_time = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(unix_time).count());
}

SenderInfo sender_info(const LegAudio& leg, Moment now) {
    return {.ntp_time = ntp_time(unix_microseconds()),
            .rtp_time = leg.sender.timestamp(now),
            .packets = static_cast<std::uint32_t>(leg.counts->sent.get()),
            .octets = static_cast<std::uint32_t>(leg.counts->octets_sent.get())};
}

/// The peer's own RTCP address, or the host its RTP comes from; with one port for both, that of its RTP.
bool of_peer(const LegAudio& leg, const Address& from) {
    if (leg.peer->rtcp_mux) return from == leg.source.target();
    return from == leg.peer->rtcp || from.same_host(leg.source.target());
}

/// Nobody reports twenty times a second; each report costs its readers a message.
bool too_many(LegAudio& leg, Moment now) {
    constexpr int most_a_second = 20;
    if (now - leg.reports_since >= std::chrono::seconds(1)) {
        leg.reports_since = now;
        leg.reports_taken = 0;
    }
    return ++leg.reports_taken > most_a_second;
}

}  // namespace

void RtcpExchange::receive(LegAudio& leg, Moment now) {
    alignas(8) std::array<std::uint8_t, 2048> bytes{};
    Address from;
    socklen_t from_size = Address::capacity;
    const auto size = recvfrom(leg.ports.rtcp.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_TRUNC,
                               from.data(), &from_size);
    if (size < 0) return;
    if (!leg.peer) return refuse(leg, Refusal::not_connected);
    if (static_cast<std::size_t>(size) > bytes.size()) return refuse(leg, Refusal::malformed);
    auto packet = std::span(bytes).first(static_cast<std::size_t>(size));
    if (leg.security) {
        packet = leg.security->by_dtls() ? std::span<std::uint8_t>{} : leg.security->open(packet, true, now);
        if (packet.empty()) return refuse(leg, Refusal::protection);
    }
    take(leg, packet, from, now);
}

void RtcpExchange::take(LegAudio& leg, std::span<const std::uint8_t> packet, const Address& from,
                        Moment now) {
    if (!of_peer(leg, from)) return refuse(leg, Refusal::stranger);
    const auto report = parse_rtcp(packet);
    if (!report) return refuse(leg, Refusal::malformed);
    if (too_many(leg, now)) return refuse(leg, Refusal::rate);
    leg.rtcp_target = from;
    tell(leg, false, from, *report);
    if (report->sender && leg.receiver.heard() && report->ssrc == leg.receiver.ssrc()) {
        leg.receiver.take(*report->sender, now);
    }
    for (const ReportBlock& block : report->blocks) {
        if (block.ssrc != leg.sender.ssrc()) continue;
        // A clean interval after a bad one is no promise: what is lost goes down by a packet a report.
        leg.loss_reported = std::max(leg.loss_reported - 1, (block.fraction_lost * 100 + 255) / 256);
        leg.counts->lost_remote.set(static_cast<std::uint64_t>(std::max(block.packets_lost, 0)));
        if (const auto trip = round_trip(block, ntp_time(unix_microseconds()))) {
            leg.counts->round_trip.set(*trip);
        }
    }
}

void RtcpExchange::tell(const LegAudio& leg, bool sent, const Address& remote,
                        const RtcpReport& report) const {
    if (!told_) return;
    Address local = host_;
    local.set_port(static_cast<std::uint16_t>(leg.ports.port + (leg.peer->rtcp_mux ? 0 : 1)));
    told_({leg.id, sent, local, remote, report});
}

void RtcpExchange::refuse(LegAudio& leg, Refusal reason) {
    leg.counts->refused.add();
    traffic_.refused(reason);
}

Moment RtcpExchange::next_report(Moment now) {
    return now + std::chrono::milliseconds(std::uniform_int_distribution(2500, 7500)(random_));
}

void RtcpExchange::send_bye(LegAudio& leg, Moment now) {
    if (leg.peer && leg.counts->sent.get() != 0) send(leg, now, true);
}

void RtcpExchange::send(LegAudio& leg, Moment now, bool bye) {
    const bool mux = leg.peer->rtcp_mux;
    const Address& to = mux ? leg.source.target() : leg.rtcp_target ? leg.rtcp_target : leg.peer->rtcp;
    if (!to || to.port() == 0 || !leg.peer->send) return;
    RtcpReport report{.ssrc = leg.sender.ssrc(), .bye = bye};
    const std::uint64_t sent = leg.counts->sent.get();
    if (sent != leg.sent_reported) report.sender = sender_info(leg, now);
    leg.sent_reported = sent;
    if (leg.receiver.heard()) report.blocks.push_back(leg.receiver.report(now));
    const auto plain = build_rtcp(report, canonical_name_);
    std::span<const std::uint8_t> bytes = plain;
    if (leg.security) bytes = leg.security->seal(bytes, true);
    if (bytes.empty()) return;
    const Descriptor& port = mux ? leg.ports.rtp : leg.ports.rtcp;
    const auto result =
        sendto(port.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL, to.data(), to.size());
    if (result < 0) return traffic_.send_failed();
    tell(leg, true, to, report);
}

}  // namespace patchbay::media
