#include "media/quality.hpp"

#include <algorithm>

#include "base/metrics.hpp"

namespace patchbay::media {

namespace {

/// What a codec costs without loss, and how well it stands loss (G.113, appendix I).
struct Impairment {
    double equipment;   ///< Ie
    double robustness;  ///< Bpl
};

Impairment impairment_of(std::string_view codec) {
    if (codec == "opus") return {0, 20};
    if (codec == "G722") return {0, 15};  // against the narrow-band scale, so that codecs compare
    return {0, 25.1};                     // G.711 with concealment, as phones have it
}

double share(std::uint64_t part, std::uint64_t rest) {
    const std::uint64_t whole = part + rest;
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double mean_opinion(std::string_view codec, double lost, Milliseconds delay) {
    constexpr double best = 93.2;  // R0 - Is with all defaults
    const auto [equipment, robustness] = impairment_of(codec);
    const auto ms = static_cast<double>(delay.count());
    const double for_delay = 0.024 * ms + (ms > 177.3 ? 0.11 * (ms - 177.3) : 0);
    const double percent = 100 * lost;
    const double for_loss = equipment + (95 - equipment) * percent / (percent + robustness);
    const double r = std::clamp(best - for_delay - for_loss, 0.0, 100.0);
    return std::clamp(1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6, 1.0, 4.5);
}

call::Quality quality_of(const Statistics& seen) {
    call::Quality quality{.codec = std::string(seen.codec),
                          .received = seen.packets_received,
                          .sent = seen.packets_sent,
                          .lost = seen.lost,
                          .lost_remote = seen.lost_remote,
                          .jitter = seen.jitter,
                          .round_trip = seen.round_trip};
    if (seen.packets_received == 0) return quality;
    // A packet's own 20 ms, and a jitter buffer that waits for twice the jitter.
    const auto delay = seen.round_trip / 2 + 2 * seen.jitter + Milliseconds{20};
    quality.mos = mean_opinion(seen.codec, share(seen.lost, seen.packets_received), delay);
    return quality;
}

void count(const call::Quality& quality) {
    static auto& mos = metrics::histogram("patchbay_leg_mos",
                                          "Estimated opinion score of what legs sent, one a leg that sent",
                                          {1.5, 2, 2.5, 3, 3.5, 3.8, 4, 4.2, 4.3, 4.4});
    static auto& loss =
        metrics::histogram("patchbay_leg_loss_ratio", "Share of a leg's packets that never came",
                           {0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3});
    static auto& jitter =
        metrics::histogram("patchbay_leg_jitter_seconds", "Jitter at a leg's end, in seconds",
                           {0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3});
    static auto& trip = metrics::histogram("patchbay_leg_round_trip_seconds",
                                           "Round trip to a leg's party as RTCP told it, in seconds",
                                           {0.005, 0.02, 0.05, 0.1, 0.15, 0.3, 0.6, 1});
    if (quality.received == 0) return;
    mos.observe(quality.mos);
    loss.observe(share(quality.lost, quality.received));
    jitter.observe(static_cast<double>(quality.jitter.count()) / 1000);
    if (quality.round_trip.count() > 0) trip.observe(static_cast<double>(quality.round_trip.count()) / 1000);
}

}  // namespace patchbay::media
