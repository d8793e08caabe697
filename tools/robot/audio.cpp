#include "audio.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include <sys/socket.h>

#include "media/rtcp.hpp"
#include "media/rtp.hpp"
#include "socket.hpp"

namespace patchbay::robot {

namespace {

constexpr Milliseconds packet_time{20};
constexpr std::size_t samples_a_packet = 160;
constexpr int digit_packets = 5, digit_ends = 3;
constexpr std::uint8_t sender_report = 200;  // RFC 3550, section 6.4.1
constexpr int tries_for_a_port_pair = 100;
/// A loop that was kept from running this long skips the packets it owes instead of sending a burst.
constexpr Milliseconds most_debt{200};

/// On the clock that the kernel stamps packets with.
std::int64_t microseconds_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::uint32_t random32() {
    static std::mt19937 generator{std::random_device{}()};
    return generator();
}

}  // namespace

Audio::Audio(Loop& loop, const Settings& settings, Notices notices)
    : loop_(loop),
      notices_(std::move(notices)),
      ear_(settings.known_tones),
      tone_level_(settings.tone_level),
      packet_ms_(20 / (1 + settings.weather.skew / 1e6)),
      faults_(settings.faults),
      sequence_(static_cast<std::uint16_t>(random32())),
      timestamp_(random32()),
      ssrc_(random32()),
      due_(loop.now()) {
    if (settings.hear_digits) tone_reader_ = std::make_unique<media::ToneReader>();
    tone(settings.tone);
    bind_pair(settings.address);
    if (settings.weather.bad()) {
        wire_ = std::make_unique<Wire>(loop_, settings.weather, [this](std::span<const std::uint8_t> packet) {
            const auto to = remote_ ? socket_address(remote_->rtp) : std::nullopt;
            if (to) sendto(rtp_.get(), packet.data(), packet.size(), MSG_NOSIGNAL, to->get(), to->length);
        });
    }
    constexpr int on = 1;
    setsockopt(rtp_.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
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
    if (fax_) fax_->agree(remote.t38);
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

void Audio::press(char digit, bool inband) {
    if (const auto event = media::event_of(digit)) digits_.push_back({*event, inband, 0, 0});
}

void Audio::stranger(double hertz, int packets) {
    Descriptor socket = bound_socket(SOCK_DGRAM, {local_.address, 0});
    if (!socket || !coding_) return;
    stranger_.emplace(Stranger{std::move(socket), media::Tone(hertz), packets, random32(), 0,
                               std::make_unique<Coding>(coding_->format)});
}

void Audio::tell(const Lie& lie) {
    const auto to = remote_ ? socket_address(lie.rtcp ? remote_->rtcp : remote_->rtp) : std::nullopt;
    if (!to) return;
    const media::RtpHeader stream{.payload_type = remote_->format.payload_type,
                                  .sequence = sequence_,
                                  .timestamp = timestamp_,
                                  .ssrc = ssrc_};
    for (int i = 0; i < lie.packets; ++i) {
        media::RtpHeader header = stream;
        if (lie.payload_type) header.payload_type = static_cast<std::uint8_t>(*lie.payload_type & 0x7F);
        header.sequence = static_cast<std::uint16_t>(header.sequence + lie.sequence_by + i);
        header.timestamp += lie.timestamp_by + static_cast<std::uint32_t>(i) * packet_ticks();
        header.ssrc += lie.ssrc_by;
        std::vector<std::uint8_t> packet(media::rtp_header_size + lie.size);
        media::write_rtp_header(header, packet.data());
        packet[0] = static_cast<std::uint8_t>((lie.version & 3) << 6 | (packet[0] & 0x3F));
        if (lie.rtcp) packet[1] = sender_report;
        std::generate(packet.begin() + media::rtp_header_size, packet.end(),
                      [] { return static_cast<std::uint8_t>(random32()); });
        if (lie.report) packet = media::build_rtcp({.ssrc = header.ssrc}, "robot");
        const auto& socket = lie.rtcp ? rtcp_ : rtp_;
        sendto(socket.get(), packet.data(), packet.size(), MSG_NOSIGNAL, to->get(), to->length);
    }
}

void Audio::click(int count, int every) {
    muted_ = true;
    clicks_ = count;
    click_every_ = until_click_ = every;
}

bool Audio::click_due() {
    if (clicks_ <= 0 || --until_click_ > 0) return false;
    --clicks_;
    until_click_ = click_every_;
    return true;
}

/// A tone of one packet's length, loud from its first sample on.
void Audio::send_click() {
    media::Tone click(1000, -6);
    const auto payload = encoded(*coding_, &click);
    const auto at = microseconds_now();
    send(rtp_.get(), remote_->format.payload_type, marker_, timestamp_, payload);
    ++counts_.sent;
    notices_.clicked(at);
}

void Audio::tick() {
    owed_ms_ += packet_ms_;
    const Milliseconds whole{static_cast<std::int64_t>(owed_ms_)};
    owed_ms_ -= static_cast<double>(whole.count());
    due_ += whole;
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

void Audio::fax(const std::string& file) {
    fax_ = std::make_unique<Fax>(file);
    if (remote_) fax_->agree(remote_->t38);
}

void Audio::send_fax() {
    if (fax_->is_t38()) {
        const auto address = socket_address(remote_->rtp);
        for (const auto& datagram : fax_->pass_time())
            if (address)
                sendto(rtp_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL, address->get(),
                       address->length);
    } else {
        const auto said = fax_->speak();
        std::vector<std::uint8_t> payload(media::largest_payload);
        payload.resize(coding_->encoder->encode(said, payload));
        send(rtp_.get(), remote_->format.payload_type, marker_, timestamp_, payload);
        marker_ = false;
    }
    if (const auto result = fax_->take_result()) notices_.fax(result->pages, result->reason);
}

void Audio::send_packet() {
    if (fax_) return send_fax();
    if (send_digit()) return;
    if (click_due()) return send_click();
    if (noise_ && remote_->format.comfort_noise) return send_noise();
    until_noise_ = 0;
    const auto payload = encoded(*coding_, tone_ && !muted_ ? &*tone_ : nullptr);
    send(rtp_.get(), remote_->format.payload_type, marker_, timestamp_, payload);
    marker_ = false;
    ++counts_.sent;
}

void Audio::send_noise() {
    constexpr int every = 10;
    if (until_noise_-- > 0) return;
    until_noise_ = every - 1;
    const std::array<std::uint8_t, 1> level{static_cast<std::uint8_t>(*noise_ & 0x7F)};
    send(rtp_.get(), *remote_->format.comfort_noise, false, timestamp_, level);
    marker_ = true;  // what is said next begins a stretch
}

bool Audio::send_digit() {
    if (digits_.empty()) return false;
    Digit& digit = digits_.front();
    if (digit.inband) {
        send_tone(digit);
        return true;
    }
    if (!remote_->format.telephone_event) return false;
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

/// As long a tone as the pause after it.
void Audio::send_tone(Digit& digit) {
    if (digit.packets++ == 0) tone_sender_ = std::make_unique<media::ToneSender>(remote_->format);
    const bool sounds = digit.packets <= digit_packets;
    const auto packet =
        tone_sender_->next(sounds ? std::optional(digit.event) : std::nullopt, digit.packets == 1);
    if (!packet.empty())
        send(rtp_.get(), remote_->format.payload_type, false, timestamp_,
             packet.subspan(media::rtp_header_size));
    if (digit.packets == 2 * digit_packets) digits_.pop_front();
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
    transmit(socket, packet, *address);
}

void Audio::transmit(int socket, std::span<const std::uint8_t> packet, const SocketAddress& to) {
    if (wire_ && socket == rtp_.get()) return wire_->carry(packet);
    sendto(socket, packet.data(), packet.size(), MSG_NOSIGNAL, to.get(), to.length);
}

void Audio::send_sealed(int socket, std::span<const std::uint8_t> packet, const SocketAddress& to) {
    const auto sealed = guard_->seal(packet);
    if (sealed.empty()) return;
    const int times = faults_ != nullptr && faults_->replay ? 2 : 1;
    for (int i = 0; i < times; ++i) transmit(socket, sealed, to);
}

}  // namespace patchbay::robot
