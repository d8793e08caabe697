#include "media/mixed_stream.hpp"

#include <algorithm>

#include "media/rtp.hpp"

namespace patchbay::media {

namespace {

constexpr int frame_ms = 20;

}  // namespace

void MixedStream::set_format(const Format& format, int rate) {
    if (encoder_ && format == format_ && (format.codec != Codec::opus || rate == encoder_->rate())) return;
    format_ = format;
    encoder_ = make_encoder(format, rate);
    expected_loss_ = unknown_loss;
    // Plain samples of 60 ms would not fit into one packet.
    frames_ =
        static_cast<std::size_t>(std::clamp(format.ptime / frame_ms, 1, format.codec == Codec::l16 ? 2 : 3));
    samples_.clear();
    samples_.reserve(frames_ * samples_of_frame(encoder_->rate()));
    packet_.assign(rtp_header_size + largest_payload, 0);
}

void MixedStream::expect_loss(int percent) {
    if (percent == expected_loss_) return;
    expected_loss_ = percent;
    encoder_->expect_loss(percent);
}

bool MixedStream::add(std::span<const std::int32_t> sum) {
    const std::size_t begin = samples_.size();
    samples_.resize(begin + sum.size());
    limiter_.limit(sum, std::span(samples_).subspan(begin));
    return samples_.size() >= frames_ * sum.size();
}

std::span<std::uint8_t> MixedStream::packet() {
    const std::size_t bytes = encoder_->encode(samples_, std::span(packet_).subspan(rtp_header_size));
    samples_.clear();
    return bytes == 0 ? std::span<std::uint8_t>() : std::span(packet_).first(rtp_header_size + bytes);
}

std::span<std::uint8_t> MixedStream::packet(std::span<const std::uint8_t> payload) {
    std::ranges::copy(payload, packet_.begin() + rtp_header_size);
    return std::span(packet_).first(rtp_header_size + payload.size());
}

}  // namespace patchbay::media
