#include "audio.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <sys/socket.h>

#include "media/rtp.hpp"
#include "socket.hpp"

namespace patchbay::robot {

namespace {

constexpr Milliseconds packet_time{20};
constexpr std::size_t samples_a_packet = 160;
constexpr int digit_packets = 5, digit_ends = 3;
constexpr int tries_for_a_port_pair = 100;
/// A loop that was kept from running this long skips the packets it owes instead of sending a burst.
constexpr Milliseconds most_debt{200};

std::uint32_t random32() {
    static std::mt19937 generator{std::random_device{}()};
    return generator();
}

}  // namespace

Audio::Audio(Loop& loop, const Settings& settings, std::function<void(char)> on_digit)
    : loop_(loop),
      on_digit_(std::move(on_digit)),
      ear_(settings.known_tones),
      tone_level_(settings.tone_level),
      faults_(settings.faults),
      sequence_(static_cast<std::uint16_t>(random32())),
      timestamp_(random32()),
      ssrc_(random32()),
      due_(loop.now()) {
    tone(settings.tone);
    bind_pair(settings.address);
    loop_.watch(rtp_.get(), [this] { receive(); });
    loop_.watch(rtcp_.get(), [this] {
        std::array<std::uint8_t, 2048> buffer{};
        while (recv(rtcp_.get(), buffer.data(), buffer.size(), 0) > 0) ++counts_.rtcp;
    });
    timer_ = loop_.timers().after(packet_time, [this] { tick(); });
}

Audio::~Audio() {
    loop_.timers().cancel(timer_);
    loop_.forget(rtp_.get());
    loop_.forget(rtcp_.get());
}

void Audio::bind_pair(const std::string& address) {
    for (int i = 0; i < tries_for_a_port_pair; ++i) {
        rtp_ = bound_socket(SOCK_DGRAM, {address, 0});
        if (!rtp_) break;
        local_ = local_endpoint(rtp_);
        if (local_.port % 2 != 0) continue;
        rtcp_ = bound_socket(SOCK_DGRAM, {address, static_cast<std::uint16_t>(local_.port + 1)});
        if (rtcp_) return;
    }
    throw std::system_error(errno, std::generic_category(), "no RTP port pair at " + address);
}

void Audio::connect(const media::Remote& remote) {
    if (!remote_ || remote_->rtp != remote.rtp) marker_ = true;
    remote_ = remote;
    if (!coding_ || coding_->format != remote.format) coding_ = std::make_unique<Coding>(remote.format);
    if (remote.protection.none()) return guard_.reset();
    if (!guard_) guard_ = std::make_unique<Guard>(loop_);
    guard_->agree(remote.protection, rtp_.get(), remote.rtp);
}

Audio::Coding::Coding(const media::Format& agreed)
    : format(agreed),
      encoder(media::make_encoder(agreed, media::wide_rate)),
      decoder(media::make_decoder(agreed, media::wide_rate)) {
    const int rate = encoder->rate();
    if (rate == media::narrow_rate) return;
    up = std::make_unique<media::Resampler>(media::narrow_rate, rate);
    down = std::make_unique<media::Resampler>(rate, media::narrow_rate);
}

/// Until more is known the clock of timestamps is that of G.711.
std::uint32_t Audio::packet_ticks() const {
    return remote_ ? static_cast<std::uint32_t>(remote_->format.clock_rate / 50) : samples_a_packet;
}

void Audio::tone(double hertz) {
    if (hertz > 0)
        tone_.emplace(hertz, tone_level_);
    else
        tone_.reset();
}

void Audio::press(char digit) {
    if (const auto event = media::event_of(digit)) digits_.push_back({*event, 0, 0});
}

void Audio::stranger(double hertz, int packets) {
    Descriptor socket = bound_socket(SOCK_DGRAM, {local_.address, 0});
    if (!socket || !coding_) return;
    stranger_.emplace(Stranger{std::move(socket), media::Tone(hertz), packets, random32(), 0,
                               std::make_unique<Coding>(coding_->format)});
}

void Audio::tick() {
    due_ += packet_time;
    if (loop_.now() - due_ > most_debt) due_ = loop_.now();
    const auto wait = std::max(due_ + packet_time - loop_.now(), Milliseconds{0});
    timer_ = loop_.timers().after(wait, [this] { tick(); });
    if (remote_ && remote_->rtp.port != 0 && remote_->send && !silent_) send_packet();
    if (remote_ && stranger_) send_stranger();
    timestamp_ += packet_ticks();
}

std::vector<std::uint8_t> Audio::encoded(Coding& coding, media::Tone* tone) {
    std::vector<std::int16_t> samples(samples_a_packet);
    if (tone != nullptr) tone->fill(samples);
    if (coding.up) {
        std::vector<std::int16_t> wide(media::samples_of_frame(coding.encoder->rate()));
        coding.up->process(samples, wide);
        samples = std::move(wide);
    }
    std::vector<std::uint8_t> payload(media::largest_payload);
    payload.resize(coding.encoder->encode(samples, payload));
    return payload;
}

void Audio::send_packet() {
    if (send_digit()) return;
    const auto payload = encoded(*coding_, tone_ && !muted_ ? &*tone_ : nullptr);
    send(rtp_.get(), remote_->format.payload_type, marker_, timestamp_, payload);
    marker_ = false;
    ++counts_.sent;
}

bool Audio::send_digit() {
    if (digits_.empty() || !remote_->format.telephone_event) return false;
    Digit& digit = digits_.front();
    if (digit.packets == 0) digit.timestamp = timestamp_;
    ++digit.packets;
    const bool end = digit.packets >= digit_packets;
    const int lasted = std::min(digit.packets, digit_packets) * static_cast<int>(samples_a_packet);
    const auto payload =
        media::build_telephone_event({digit.event, end, 10, static_cast<std::uint16_t>(lasted)});
    send(rtp_.get(), *remote_->format.telephone_event, digit.packets == 1, digit.timestamp, payload);
    if (digit.packets == digit_packets + digit_ends - 1) digits_.pop_front();
    return true;
}

void Audio::send_stranger() {
    const auto payload = encoded(*stranger_->coding, &stranger_->tone);
    const auto ssrc = std::exchange(ssrc_, stranger_->ssrc);
    const auto sequence = std::exchange(sequence_, stranger_->sequence);
    send(stranger_->socket.get(), remote_->format.payload_type, false, timestamp_, payload);
    ssrc_ = ssrc;
    stranger_->sequence = std::exchange(sequence_, sequence);
    if (--stranger_->left <= 0) stranger_.reset();
}

void Audio::send(int socket, std::uint8_t payload_type, bool marker, std::uint32_t timestamp,
                 std::span<const std::uint8_t> payload) {
    const auto address = socket_address(remote_->rtp);
    if (!address) return;
    std::vector<std::uint8_t> packet(media::rtp_header_size);
    media::write_rtp_header({marker, payload_type, sequence_++, timestamp, ssrc_}, packet.data());
    packet.insert(packet.end(), payload.begin(), payload.end());
    const bool plain = !guard_ || (faults_ != nullptr && faults_->plain_audio);
    if (!plain) return send_sealed(socket, packet, *address);
    sendto(socket, packet.data(), packet.size(), MSG_NOSIGNAL, address->get(), address->length);
}

void Audio::send_sealed(int socket, std::span<const std::uint8_t> packet, const SocketAddress& to) {
    const auto sealed = guard_->seal(packet);
    if (sealed.empty()) return;
    const int times = faults_ != nullptr && faults_->replay ? 2 : 1;
    for (int i = 0; i < times; ++i)
        sendto(socket, sealed.data(), sealed.size(), MSG_NOSIGNAL, to.get(), to.length);
}

void Audio::receive() {
    alignas(8) std::array<std::uint8_t, 2048> buffer{};
    while (true) {
        SocketAddress from;
        const auto size = recvfrom(rtp_.get(), buffer.data(), buffer.size(), 0, from.get(), &from.length);
        if (size < 0) {
            // A port of the peer that is closed shows as an error of ours once; it is no end of the stream.
            if (errno == ECONNREFUSED) continue;
            return;
        }
        sources_.insert(from.endpoint());
        counts_.sources = sources_.size();
        receive_packet({buffer.data(), static_cast<std::size_t>(size)}, from.endpoint());
    }
}

void Audio::receive_packet(std::span<std::uint8_t> bytes, const config::Endpoint& from) {
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
        const auto digit = event ? digit_reader_.take(*event, packet->header.timestamp) : std::nullopt;
        if (digit) on_digit_(*digit);
        return;
    }
    if (packet->header.payload_type != format.payload_type) {
        ++counts_.foreign;
        return;
    }
    hear(packet->payload);
}

void Audio::hear(std::span<const std::uint8_t> payload) {
    std::vector<std::int16_t> samples(media::largest_packet_samples);
    samples.resize(coding_->decoder->decode(payload, samples));
    if (coding_->down) {
        std::vector<std::int16_t> narrow(samples.size() * media::narrow_rate /
                                         static_cast<std::size_t>(coding_->decoder->rate()));
        coding_->down->process(samples, narrow);
        samples = std::move(narrow);
    }
    ear_.feed(samples, loop_.now());
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
