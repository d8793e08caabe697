#include "phones.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <poll.h>

#include "base/metrics.hpp"
#include "media/address.hpp"
#include "media/telephone_event.hpp"

namespace patchbay::media::testing {

namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t event_type = 101;

Descriptor bound_socket(const std::string& host, std::uint16_t& port) {
    Address address = Address::parse({host, 0}).value();
    Descriptor socket(::socket(address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    bind(socket.get(), address.data(), address.size());
    socklen_t size = Address::capacity;
    getsockname(socket.get(), address.data(), &size);
    port = address.port();
    return socket;
}

}  // namespace

Phone::Phone(double hertz, Codec codec, const std::string& host)
    : rtp_host(host), ssrc(static_cast<std::uint32_t>(hertz)), tone_(hertz, -14) {
    format.telephone_event = event_type;
    speak(codec);
    move();
}

void Phone::speak(Codec codec) {
    constexpr std::array<std::uint8_t, codec_count> types{8, 0, 9, 111, 98};
    format.codec = codec;
    format.payload_type = types[static_cast<std::size_t>(codec)];
    format.clock_rate = clock_rate(codec);
    encoder_ = make_encoder(format, narrow_rate);
    decoder_ = make_decoder(format, narrow_rate);
    const int rate = encoder_->rate();
    up_ = rate == narrow_rate ? nullptr : std::make_unique<Resampler>(narrow_rate, rate);
    down_ = rate == narrow_rate ? nullptr : std::make_unique<Resampler>(rate, narrow_rate);
}

void Phone::move() {
    socket_ = bound_socket(rtp_host, port_);
}

Remote Phone::remote() const {
    return {.rtp = {rtp_host, port_},
            .rtcp = {rtp_host, static_cast<std::uint16_t>(port_ + 1)},
            .format = format};
}

void Phone::send(const config::Endpoint& to) {
    std::array<std::int16_t, 160> audio{};
    tone_.fill(audio);
    std::vector<std::int16_t> wide(samples_of_frame(encoder_->rate()));
    if (up_) {
        up_->process(audio, wide);
    } else {
        std::ranges::copy(audio, wide.begin());
    }
    std::vector<std::uint8_t> packet(rtp_header_size + largest_payload);
    write_rtp_header(
        {.payload_type = format.payload_type, .sequence = sequence++, .timestamp = timestamp, .ssrc = ssrc},
        packet.data());
    packet.resize(rtp_header_size + encoder_->encode(wide, std::span(packet).subspan(rtp_header_size)));
    timestamp += static_cast<std::uint32_t>(format.clock_rate / 50);
    send_bytes(packet, to);
}

void Phone::send_event(char digit, bool end, std::uint16_t duration, const config::Endpoint& to) {
    std::vector<std::uint8_t> packet(rtp_header_size);
    write_rtp_header({.payload_type = *format.telephone_event,
                      .sequence = sequence++,
                      .timestamp = timestamp,
                      .ssrc = ssrc},
                     packet.data());
    const auto payload = build_telephone_event({.event = *event_of(digit), .end = end, .duration = duration});
    packet.insert(packet.end(), payload.begin(), payload.end());
    send_bytes(packet, to);
}

void Phone::send_bytes(const std::vector<std::uint8_t>& bytes, const config::Endpoint& to) {
    const Address address = Address::parse(to).value();
    sendto(socket_.get(), bytes.data(), bytes.size(), 0, address.data(), address.size());
}

void Phone::receive() {
    std::array<std::uint8_t, 2048> bytes{};
    ssize_t size = 0;
    while ((size = recv(socket_.get(), bytes.data(), bytes.size(), 0)) > 0) {
        const auto packet = parse_rtp(std::span(bytes).first(static_cast<std::size_t>(size)));
        if (!packet) continue;
        headers.push_back(packet->header);
        if (packet->header.payload_type == format.telephone_event) {
            events.emplace_back(packet->payload.begin(), packet->payload.end());
            continue;
        }
        if (packet->header.payload_type != format.payload_type) continue;
        std::vector<std::int16_t> heard(largest_packet_samples);
        heard.resize(decoder_->decode(packet->payload, heard));
        if (down_) {
            std::vector<std::int16_t> narrow(heard.size() * narrow_rate /
                                             static_cast<std::size_t>(decoder_->rate()));
            down_->process(heard, narrow);
            heard = std::move(narrow);
        }
        samples.insert(samples.end(), heard.begin(), heard.end());
    }
}

void Phone::forget() {
    receive();
    headers.clear();
    events.clear();
    samples.clear();
}

double Phone::level(double tone) const {
    if (samples.size() < 800) return -120;
    return tone_level(std::span(samples).last(800), tone);
}

bool Phone::hears_only(const std::vector<double>& tones) const {
    return std::ranges::all_of(all_tones, [&](double tone) {
        const bool wanted = std::ranges::count(tones, tone) != 0;
        return wanted ? level(tone) > -20 : level(tone) < -45;
    });
}

bool Phone::hears_silence() const {
    return samples.size() >= 800 && loudness(std::span(samples).last(800)) < -60;
}

bool Phone::hears_music() const {
    return hears_only({}) && samples.size() >= 800 && loudness(std::span(samples).last(800)) > -40;
}

struct Desk::Heard {
    std::mutex mutex;
    std::vector<LegId> lost;
    std::vector<std::pair<LegId, char>> digits;
};

config::Media Desk::default_settings() {
    config::Media settings;
    settings.first_port = 34000;
    settings.last_port = 39999;
    return settings;
}

Desk::Desk(config::Media settings) : heard_(std::make_shared<Heard>()) {
    engine = std::make_unique<Engine>(settings, Notices{.lost =
                                                            [heard = heard_](LegId leg) {
                                                                const std::scoped_lock lock(heard->mutex);
                                                                heard->lost.push_back(leg);
                                                            },
                                                        .dtmf =
                                                            [heard = heard_](LegId leg, char digit) {
                                                                const std::scoped_lock lock(heard->mutex);
                                                                heard->digits.emplace_back(leg, digit);
                                                            }});
}

LegId Desk::add_unconnected(std::size_t tone, Codec codec) {
    phones.push_back(std::make_unique<Phone>(all_tones.at(tone), codec));
    const LegId leg{phones.size()};
    if (!engine->open(leg)) throw std::runtime_error("no port");
    return leg;
}

LegId Desk::add(std::size_t tone, Codec codec) {
    const LegId leg = add_unconnected(tone, codec);
    connect(leg);
    return leg;
}

void Desk::take_notices() {
    const std::scoped_lock lock(heard_->mutex);
    lost = heard_->lost;
    digits = heard_->digits;
}

void Desk::talk(int packets) {
    for (int i = 0; i < packets; ++i) {
        std::this_thread::sleep_until(next_send_);
        next_send_ = std::max(next_send_ + 20ms, std::chrono::steady_clock::now());
        for (std::size_t place = 0; place < phones.size(); ++place) {
            const auto to = engine->local(LegId{place + 1});
            if (to && phones[place]->talking) phones[place]->send(*to);
            phones[place]->receive();
        }
        take_notices();
    }
}

bool Desk::until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) return true;
        talk(1);
    }
    return false;
}

double metric(const std::string& line) {
    const std::string text = metrics::exposition();
    const auto place = text.find("\n" + line + " ");
    return place == std::string::npos ? 0 : std::strtod(text.c_str() + place + line.size() + 2, nullptr);
}

}  // namespace patchbay::media::testing
