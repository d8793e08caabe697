#include "media/voice.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "media/stretch.hpp"

namespace patchbay::media {

namespace {

using namespace std::chrono_literals;

constexpr auto least_margin = 5ms, most_margin = 200ms, margin_step = 10ms;
constexpr double spare_delay_ms = 25;  ///< a packet that waits longer even in the worst case waits in vain
/// Also where packets are taken from the next: that is there in time only when one waits already.
constexpr double spare_to_correct_ms = spare_delay_ms + 20;
constexpr double long_delay_ms = 60;   ///< then it is shortened at once
constexpr double lost_cause_ms = 400;  ///< then whole packets are left out
constexpr int judged_packets = 100, judged_in_haste = 10;
constexpr std::uint64_t stale_ticks = 10;  ///< what waited longer is no more worth mixing
constexpr int most_made_up = 5;            ///< frames, then it is silent
constexpr int most_noise = 500;            ///< frames of noise that nobody confirms
constexpr int silence_peak = 16;           ///< the quantization of G.711 leaves that much of nothing
constexpr std::size_t quiet_payload = 2;   ///< bytes of Opus that say: background only

std::size_t place_of(int rate) {
    return rate == narrow_rate ? 0 : rate == wide_rate ? 1 : 2;
}

bool is_silent(std::span<const std::int16_t> samples) {
    int peak = 0;
    for (const std::int16_t sample : samples) peak = std::max(peak, std::abs(int{sample}));
    return peak < silence_peak;
}

}  // namespace

Voice::Voice(const Format& format, int rate)
    : format_(format),
      packets_(format.clock_rate),
      decoder_(make_decoder(format, rate)),
      scratch_(largest_packet_samples),
      margin_(least_margin) {}

void Voice::set_format(const Format& format, int rate, Moment now) {
    const bool same_codec = format.codec == format_.codec && format.clock_rate == format_.clock_rate;
    if (same_codec && (format.codec != Codec::opus || rate == decoder_->rate())) return;
    const int rate_before = decoder_->rate();
    if (!same_codec) {
        if (playing_) play_out(now);
        packets_ = JitterBuffer(format.clock_rate);
        joins_ = playing_;
    }
    format_ = format;
    decoder_ = make_decoder(format, rate);
    if (decoder_->rate() != rate_before && !ready_.empty()) {
        std::vector<std::int16_t> converted(ready_.size() * static_cast<std::size_t>(decoder_->rate()) /
                                            static_cast<std::size_t>(rate_before));
        Resampler(rate_before, decoder_->rate()).process(ready_, converted);
        ready_ = std::move(converted);
    }
    stretched_ = 0;
}

/// Decodes all that waits, so that it is heard before the packets of another codec.
void Voice::play_out(Moment now) {
    for (auto* packet = packets_.front(); packet != nullptr; packet = packets_.front()) {
        if (joins_ || static_cast<std::int32_t>(packet->timestamp - next_) >= 0) play(*packet, now);
        packets_.drop_front();
    }
}

void Voice::write(const Stamp& stamp, std::span<const std::uint8_t> payload, std::uint64_t tick, Moment now) {
    if (stamp.ssrc != ssrc_ || tick > tick_ + stale_ticks) {
        end();
        ssrc_ = stamp.ssrc;
        tick_ = std::max(tick_, tick);
        heard_ = false;
    }
    switch (packets_.write(stamp.timestamp, payload, stamp.noise, now)) {
        case JitterBuffer::Taken::late:
            ++counts_.late;
            margin_ = std::min<Moment::duration>(margin_ + margin_step, most_margin);
            break;
        case JitterBuffer::Taken::duplicate:
            ++counts_.duplicate;
            break;
        case JitterBuffer::Taken::strange:
            ++counts_.strange;
            break;
        case JitterBuffer::Taken::kept:
            break;
    }
}

std::span<const std::int16_t> Voice::frame(std::uint64_t tick, int rate, Moment now) {
    if (tick_ != tick) {
        if (tick > tick_ + stale_ticks) end();
        tick_ = tick;
        take_frame(now);
    }
    if (!heard_) return {};
    if (rate == decoder_->rate()) return frame_;
    Converted& converted = converted_[place_of(rate)];
    if (converted.tick == tick) return converted.samples;
    if (!converted.resampler || converted.resampler->from() != decoder_->rate()) {
        converted.resampler.emplace(decoder_->rate(), rate);
    } else if (converted.tick + 1 != tick) {
        converted.resampler->reset();
    }
    converted.tick = tick;
    converted.samples.resize(samples_of_frame(rate));
    converted.resampler->process(frame_, converted.samples);
    return converted.samples;
}

void Voice::take_frame(Moment now) {
    heard_ = false;
    if (!playing_ && !begin(now)) return;
    while (playing_ && ready_.size() < frame_size()) produce(now);
    if (!playing_) return;
    frame_.assign(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(frame_size()));
    ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(frame_size()));
    if (gain_ != 1) {
        std::ranges::transform(frame_, frame_.begin(), [this](std::int16_t sample) {
            return static_cast<std::int16_t>(
                std::clamp(static_cast<float>(sample) * gain_, -32768.F, 32767.F));
        });
    }
    heard_ = !is_silent(frame_);
}

/// A stretch of speech begins once its first packet has waited for those that may be slower.
bool Voice::begin(Moment now) {
    const JitterBuffer::Packet* first = packets_.front();
    if (first == nullptr || now - first->arrived < margin_) return false;
    playing_ = true;
    next_ = first->timestamp;
    stretched_ = 0;
    made_up_frames_ = 0;
    judged_ = 0;
    ready_.clear();
    return true;
}

void Voice::end() {
    playing_ = noisy_ = joins_ = false;
    packets_.clear();
}

/// Decodes what comes next, or makes it up.
void Voice::produce(Moment now) {
    const JitterBuffer::Packet* front = packets_.front();
    if (joins_ && front != nullptr) {
        next_ = front->timestamp;
        stretched_ = 0;
        joins_ = false;
    }
    while (front != nullptr && static_cast<std::int32_t>(front->timestamp - next_) < 0) {
        packets_.drop_front();
        front = packets_.front();
    }
    if (front == nullptr) {
        // It may only be late: time stands still for it, so that it is heard when it comes.
        make_up(nullptr, 0);
        stretched_ += ticks_of(frame_size());
        return;
    }
    const std::uint32_t gap = front->timestamp - next_;
    const bool hopeless =
        gap > static_cast<std::uint32_t>(format_.clock_rate) || (made_up_frames_ >= most_made_up && !noisy_);
    if (gap <= stretched_ || hopeless) {
        // Heard late rather than not at all, once: from then on the next is there when one is lost.
        if (recover(*front, gap)) return packets_.played_to(next_);
        if (stretched_ > gap) margin_ = std::min<Moment::duration>(margin_ + margin_step, most_margin);
        play(*front, now);
        packets_.drop_front();
        packets_.played_to(next_);
        return;
    }
    next_ += stretched_;
    stretched_ = 0;
    make_up(front, front->timestamp - next_);
}

void Voice::play(const JitterBuffer::Packet& packet, Moment now) {
    next_ = packet.timestamp;
    stretched_ = 0;
    made_up_frames_ = 0;
    delay_ms_ = std::chrono::duration<double, std::milli>(now - packet.arrived).count() +
                static_cast<double>(ready_.size()) * 1000 / decoder_->rate();
    noisy_ = packet.noise || (format_.codec == Codec::opus && packet.payload.size() <= quiet_payload);
    std::size_t count = 0;
    if (packet.noise) {
        noise_.describe(packet.payload);
        count = frame_size();
        noise_.fill(std::span(scratch_).first(count));
    } else {
        count = decoder_->decode(packet.payload, scratch_);
        if (count == 0) {
            ++counts_.broken;
            count = frame_size();
            decoder_->conceal(std::span(scratch_).first(count));
        }
    }
    last_size_ = ticks_of(count);
    next_ += last_size_;
    if (delay_ms_ > lost_cause_ms) return;
    judge_delay(count);
}

/// Appends the packet before `next` when just that one is missing and `next` carries it.
bool Voice::recover(const JitterBuffer::Packet& next, std::uint32_t missing) {
    if (missing == 0 || missing != last_size_ || next.noise) return false;
    const auto out = std::span(scratch_).first(samples_of(missing));
    if (!decoder_->recover(next.payload, out)) return false;
    ++counts_.recovered;
    corrected_ = true;
    stretched_ = 0;
    made_up_frames_ = 0;
    next_ = next.timestamp;
    ready_.insert(ready_.end(), out.begin(), out.end());
    return true;
}

/// Makes up a frame, or less when `missing`, the gap before `next` in the RTP clock, is smaller. The clock
/// goes on only over a gap.
void Voice::make_up(const JitterBuffer::Packet* next, std::uint32_t missing) {
    if (next != nullptr && recover(*next, missing)) return;
    std::size_t count = frame_size();
    if (next != nullptr) count = std::clamp<std::size_t>(samples_of(missing), 1, count);
    const auto out = std::span(scratch_).first(count);
    if (noisy_ && format_.codec != Codec::opus) {
        noise_.fill(out);
    } else {
        decoder_->conceal(out);
        ++counts_.concealed;
    }
    if (next != nullptr) next_ += std::min(missing, ticks_of(count));
    ready_.insert(ready_.end(), out.begin(), out.end());
    if (++made_up_frames_ > (noisy_ ? most_noise : most_made_up)) end();
}

/// Appends the packet just decoded; shortened when even the least of the last delays was longer than need be:
/// the sender's clock is faster than ours, or a burst once came.
void Voice::judge_delay(std::size_t decoded) {
    least_delay_ms_ = judged_++ == 0 ? delay_ms_ : std::min(least_delay_ms_, delay_ms_);
    auto samples = std::span(scratch_).first(decoded);
    if (judged_ >= (least_delay_ms_ > long_delay_ms ? judged_in_haste : judged_packets)) {
        judged_ = 0;
        if (least_delay_ms_ > (std::exchange(corrected_, false) ? spare_to_correct_ms : spare_delay_ms)) {
            samples = samples.first(remove_period(samples, decoder_->rate(), spare(decoded)));
            margin_ = std::max<Moment::duration>(margin_ - margin_step, least_margin);
            if (samples.size() < decoded) ++counts_.shortened;
        }
    }
    ready_.insert(ready_.end(), samples.begin(), samples.end());
}

/// How many of the samples decoded just now this tick can do without: what is left out would have to be made
/// up when nothing more is there.
std::size_t Voice::spare(std::size_t decoded) const {
    const bool more = packets_.waiting() > 1;
    const std::size_t there = ready_.size() + decoded;
    return more ? decoded : there - std::min(there, frame_size());
}

std::uint32_t Voice::ticks_of(std::size_t samples) const {
    return static_cast<std::uint32_t>(samples * static_cast<std::size_t>(format_.clock_rate) /
                                      static_cast<std::size_t>(decoder_->rate()));
}

std::size_t Voice::samples_of(std::uint32_t ticks) const {
    return std::size_t{ticks} * static_cast<std::size_t>(decoder_->rate()) /
           static_cast<std::size_t>(format_.clock_rate);
}

}  // namespace patchbay::media
