#include "media/traffic.hpp"

#include <string>
#include <utility>

#include "base/metrics.hpp"

namespace patchbay::media {

namespace {

constexpr std::array<const char*, refusals> reasons{"not_connected", "malformed",    "size",
                                                    "stranger",      "payload_type", "on_hold",
                                                    "protection",    "unverified",   "rate"};
constexpr std::array<const char*, oddities> kinds{"jump", "duplicate", "reordered",
                                                  "late", "strange",   "broken"};

struct Shared {
    metrics::Counter& relayed = packets("relayed");
    metrics::Counter& mixed = packets("mixed");
    metrics::Counter& send_failures = metrics::counter(
        "patchbay_rtp_send_failures_total", "RTP and RTCP packets the kernel did not take or route");
    metrics::Counter& ticks_late = metrics::counter(
        "patchbay_media_ticks_late_total", "Ticks of the mixer that came a whole tick late or were left out");
    std::array<metrics::Counter*, refusals> refused = refused_counters();
    std::array<metrics::Counter*, oddities> odd = odd_counters();

    static metrics::Counter& packets(const char* way) {
        return metrics::counter("patchbay_media_packets_total", "RTP packets sent, by the way they took",
                                {{"way", way}});
    }
    static std::array<metrics::Counter*, oddities> odd_counters() {
        std::array<metrics::Counter*, oddities> counters{};
        for (std::size_t i = 0; i < oddities; ++i) {
            counters[i] = &metrics::counter(
                "patchbay_rtp_odd_packets_total",
                "RTP packets received of the agreed kind whose place in the stream or content is odd",
                {{"kind", kinds[i]}});
        }
        return counters;
    }
    static std::array<metrics::Counter*, refusals> refused_counters() {
        std::array<metrics::Counter*, refusals> counters{};
        for (std::size_t i = 0; i < refusals; ++i) {
            counters[i] = &metrics::counter("patchbay_rtp_refused_packets_total",
                                            "RTP and RTCP packets received that went no further",
                                            {{"reason", reasons[i]}});
        }
        return counters;
    }
};

void move_to(metrics::Counter& counter, std::uint64_t& count) {
    if (count != 0) counter.add(static_cast<double>(std::exchange(count, 0)));
}

}  // namespace

void Traffic::flush() {
    static Shared shared;
    move_to(shared.relayed, relayed_);
    move_to(shared.mixed, mixed_);
    move_to(shared.send_failures, send_failures_);
    move_to(shared.ticks_late, ticks_late_);
    for (std::size_t i = 0; i < refusals; ++i) move_to(*shared.refused[i], refused_[i]);
    for (std::size_t i = 0; i < oddities; ++i) move_to(*shared.odd[i], odd_[i]);
}

}  // namespace patchbay::media
