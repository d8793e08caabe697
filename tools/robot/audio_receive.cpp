// What comes in by one call's RTP socket.
#include <algorithm>
#include <cerrno>
#include <ctime>

#include <sys/socket.h>

#include "audio.hpp"

namespace patchbay::robot {

namespace {

/// One packet, from where, and when the kernel had it, in microseconds. Returns its size; negative: none.
ssize_t receive_from(int socket, std::span<std::uint8_t> buffer, SocketAddress& from, std::int64_t& arrived) {
    iovec part{buffer.data(), buffer.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control{};
    msghdr message{};
    message.msg_name = from.get();
    message.msg_namelen = from.length;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto size = recvmsg(socket, &message, 0);
    from.length = message.msg_namelen;
    const cmsghdr* stamp = size < 0 ? nullptr : CMSG_FIRSTHDR(&message);
    if (stamp != nullptr && stamp->cmsg_type == SO_TIMESTAMPNS) {
        timespec at{};
        std::copy_n(CMSG_DATA(stamp), sizeof at, reinterpret_cast<unsigned char*>(&at));
        arrived = std::int64_t{at.tv_sec} * 1'000'000 + at.tv_nsec / 1000;
    }
    return size;
}

}  // namespace

void Audio::receive() {
    alignas(8) std::array<std::uint8_t, 2048> buffer{};
    while (true) {
        SocketAddress from;
        std::int64_t arrived = 0;
        const auto size = receive_from(rtp_.get(), buffer, from, arrived);
        if (size < 0) {
            // A port of the peer that is closed shows as an error of ours once; it is no end of the stream.
            if (errno == ECONNREFUSED) continue;
            return;
        }
        sources_.insert(from.endpoint());
        counts_.sources = sources_.size();
        receive_packet({buffer.data(), static_cast<std::size_t>(size)}, from.endpoint(), arrived);
    }
}

void Audio::receive_packet(std::span<std::uint8_t> bytes, const config::Endpoint& from,
                           std::int64_t arrived) {
    if (fax_ && fax_->is_t38()) return fax_->take(bytes);
    if (guard_) {
        if (guard_->take(bytes, from)) return;
        if (media::is_rtcp(bytes)) {
            ++counts_.rtcp;
            return;
        }
        bytes = guard_->open(bytes);
        if (bytes.empty()) {
            ++counts_.refused;
            return;
        }
    } else if (media::is_rtcp(bytes)) {
        ++counts_.rtcp;
        return;
    }
    const auto packet = media::parse_rtp(bytes);
    if (!packet || !remote_) {
        ++counts_.foreign;
        return;
    }
    count_packet(packet->header.sequence, packet->header.ssrc);
    const auto& format = remote_->format;
    if (format.telephone_event && packet->header.payload_type == *format.telephone_event) {
        const auto event = media::parse_telephone_event(packet->payload);
        if (!event || !digit_reader_.begins(*event, packet->header.timestamp, packet->header.ssrc)) return;
        if (const auto digit = media::digit_of(event->event)) notices_.digit(*digit, "rtp");
        return;
    }
    if (format.comfort_noise && packet->header.payload_type == *format.comfort_noise) {
        ++counts_.noise;
        return;
    }
    if (packet->header.payload_type != format.payload_type) {
        ++counts_.foreign;
        return;
    }
    if (tone_reader_)
        for (const char digit : tone_reader_->take(format, packet->payload)) notices_.digit(digit, "inband");
    hear(*packet, arrived);
}

void Audio::hear(const media::RtpPacket& packet, std::int64_t arrived) {
    std::vector<std::int16_t> samples(media::largest_packet_samples);
    samples.resize(coding_->decoder->decode(packet.payload, samples));
    if (coding_->down) {
        std::vector<std::int16_t> narrow(samples.size() * media::narrow_rate /
                                         static_cast<std::size_t>(coding_->decoder->rate()));
        coding_->down->process(samples, narrow);
        samples = std::move(narrow);
    }
    if (fax_) return fax_->hear(samples);
    ear_.feed(samples, loop_.now());
    continuity_.feed(samples, packet.header.timestamp, remote_->format.clock_rate);
    const auto begun = onset_ ? onset_->feed(samples, arrived) : std::nullopt;
    if (begun) notices_.sound(*begun);
}

void Audio::count_packet(std::uint16_t sequence, std::uint32_t ssrc) {
    const Ticks now = loop_.now();
    ++counts_.received;
    if (last_arrival_) counts_.longest_gap = std::max(counts_.longest_gap, (now - *last_arrival_).count());
    last_arrival_ = now;
    ssrcs_.insert(ssrc);
    counts_.ssrcs = ssrcs_.size();
    if (last_sequence_ && counts_.ssrc == ssrc) {
        const int ahead = media::sequence_distance(*last_sequence_, sequence);
        if (ahead > 1) counts_.lost += static_cast<std::uint64_t>(ahead - 1);
        if (ahead > 0) last_sequence_ = sequence;
    } else {
        last_sequence_ = sequence;
    }
    counts_.ssrc = ssrc;
}

}  // namespace patchbay::robot
