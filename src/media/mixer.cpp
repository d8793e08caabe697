#include "media/mixer.hpp"

#include <algorithm>

#include "base/turns.hpp"
#include "media/outlet.hpp"

namespace patchbay::media {

namespace {

/// From so many sources on they are summed once for all who hear them.
constexpr std::size_t party_sources = 3;
/// So many ears take some 0.1 ms: then others may use the core.
constexpr std::size_t ears_a_turn = 16;

std::span<const std::int16_t> said(LegAudio& leg, std::uint64_t tick, int rate, Moment now) {
    return leg.voice ? leg.voice->frame(tick, rate, now) : std::span<const std::int16_t>();
}

void add_to(std::span<std::int32_t> sum, std::span<const std::int16_t> frame) {
    for (std::size_t i = 0; i < frame.size(); ++i) sum[i] += frame[i];
}

void take_from(std::span<std::int32_t> sum, std::span<const std::int16_t> frame) {
    for (std::size_t i = 0; i < frame.size(); ++i) sum[i] -= frame[i];
}

/// The least of our three rates that carries so many Hz of samples.
int rate_for(int hertz) {
    if (hertz <= narrow_rate) return narrow_rate;
    return hertz <= wide_rate ? wide_rate : full_rate;
}

/// The most that a leg of that format makes use of.
int widest(const Format& format) {
    return rate_for(format.codec == Codec::opus ? format.opus.playback_rate : sample_rate(format));
}

/// The rate an Opus ear is mixed at: the widest of what it hears. It is never lowered while the ear is mixed
/// for: voices come and go, and each change would start the encoder anew.
int opus_rate(const LegAudio& ear) {
    int rate = std::max(ear.player.rate(), narrow_rate);
    for (const LegAudio* source : ear.sources)
        if (source->peer) rate = std::max(rate, rate_for(sample_rate(source->peer->format)));
    return std::max(std::min(rate, widest(ear.peer->format)), ear.mixed->rate());
}

/// The same for all who are in one talk, and for nobody else.
std::uint64_t party_key(const LegAudio& ear) {
    const auto mixed = [](LegId leg) {
        std::uint64_t bits = leg.value * 0x9E3779B97F4A7C15U;
        bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
        return bits ^ (bits >> 27U);
    };
    std::uint64_t key = mixed(ear.id);
    for (const LegAudio* source : ear.sources) key += mixed(source->id);
    return key;
}

}  // namespace

int decoding_rate(const LegAudio& leg) {
    int rate = leg.voice ? leg.voice->rate() : narrow_rate;
    for (const LegAudio* ear : leg.listeners)
        if (ear->mode == Mode::mix) rate = std::max(rate, widest(ear->peer->format));
    return rate;
}

void Mixer::add(LegAudio& ear) {
    ear.mixer_place = ears_.size();
    ears_.push_back(&ear);
    ear.mixed = std::make_unique<MixedStream>();
}

void Mixer::remove(LegAudio& ear) {
    ears_.back()->mixer_place = ear.mixer_place;
    ears_[ear.mixer_place] = ears_.back();
    ears_.pop_back();
    ear.mixed.reset();
}

void Mixer::tick(std::uint64_t number, Moment now) {
    ended_.clear();
    let_go_.clear();
    party_count_ = 0;
    std::size_t served = 0;
    for (LegAudio* ear : ears_) {
        serve(*ear, {number, now});
        if (++served % ears_a_turn == 0) end_turn();
    }
}

/// A leg that is heard ends what lingered for it.
void Mixer::end_lingering(LegAudio& ear, const Tick& tick) {
    const auto until = ear.player.lingers_until();
    if (!until) return;
    const bool begun = std::ranges::any_of(ear.sources, [&](LegAudio* source) {
        said(*source, tick.number, ear.mixed->rate(), tick.now);
        return source->voice && source->voice->playing();
    });
    if (!begun && tick.number < *until) return;
    ear.player.let_go();
    let_go_.push_back(&ear);
}

void Mixer::serve(LegAudio& ear, const Tick& tick) {
    const Format& format = ear.peer->format;
    MixedStream& stream = *ear.mixed;
    stream.set_format(format, format.codec == Codec::opus ? opus_rate(ear) : 0);
    stream.expect_loss(ear.loss_reported);
    end_lingering(ear, tick);
    const bool encodable = is_g711(format.codec) && stream.frames() == 1;
    if (encodable && ear.sources.empty()) {
        if (const auto only = ear.player.only(format.codec, tick.number); !only.empty())
            return send(ear, stream.packet(only), tick);
    }
    const auto sum = std::span(sum_).first(samples_of_frame(stream.rate()));
    std::ranges::fill(sum, 0);
    bool heard = add_sources(ear, sum, tick);
    if (!ear.player.empty()) {
        heard = true;
        ear.player.add_to(sum, stream.rate(), tick.number);
        if (const auto id = ear.player.take_ended()) ended_.emplace_back(&ear, *id);
    }
    if (!heard && encodable) return send(ear, stream.packet(silence_.encoded(format.codec, 0)), tick);
    if (stream.add(sum)) send(ear, stream.packet(), tick);
}

void Mixer::send(LegAudio& ear, std::span<std::uint8_t> packet, const Tick& tick) {
    if (packet.empty() || !ear.digits_sent.idle()) return;
    // The packet begins with the first of its frames, which came some ticks ago.
    const std::uint64_t first = tick.number + 1 - ear.mixed->frames();
    if (send_audio(ear, packet, first, traffic_, tick.now)) traffic_.mixed();
}

bool Mixer::add_sources(LegAudio& ear, std::span<std::int32_t> sum, const Tick& tick) {
    if (ear.sources.size() >= party_sources) return add_party(ear, sum, tick);
    bool heard = false;
    for (LegAudio* source : ear.sources) {
        const auto frame = said(*source, tick.number, ear.mixed->rate(), tick.now);
        add_to(sum, frame);
        heard = heard || !frame.empty();
    }
    return heard;
}

/// Mix-minus: what all say, less what the ear itself says.
bool Mixer::add_party(LegAudio& ear, std::span<std::int32_t> sum, const Tick& tick) {
    const int rate = ear.mixed->rate();
    const Party& party = party_of(ear, rate, tick);
    if (!party.heard) return false;
    std::copy_n(party.sum.begin(), sum.size(), sum.begin());
    take_from(sum, said(ear, tick.number, rate, tick.now));
    return true;
}

const Mixer::Party& Mixer::party_of(LegAudio& ear, int rate, const Tick& tick) {
    const std::uint64_t key = party_key(ear);
    const auto end = parties_.begin() + static_cast<std::ptrdiff_t>(party_count_);
    const auto known =
        std::find_if(parties_.begin(), end, [&](const Party& p) { return p.key == key && p.rate == rate; });
    if (known != end) return *known;
    if (party_count_ == parties_.size()) parties_.emplace_back();
    Party& party = parties_[party_count_++];
    party.key = key;
    party.rate = rate;
    const auto sum = std::span(party.sum).first(samples_of_frame(rate));
    std::ranges::fill(sum, 0);
    const auto own = said(ear, tick.number, rate, tick.now);
    add_to(sum, own);
    party.heard = !own.empty();
    for (LegAudio* source : ear.sources) {
        const auto frame = said(*source, tick.number, rate, tick.now);
        add_to(sum, frame);
        party.heard = party.heard || !frame.empty();
    }
    return party;
}

}  // namespace patchbay::media
