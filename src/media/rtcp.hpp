// RTCP (RFC 3550, section 6): the sender and receiver reports and the goodbye that one stream's two ends send
// each other.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace patchbay::media {

/// What a receiver says about one stream it receives (RFC 3550, section 6.4.1).
struct ReportBlock {
    std::uint32_t ssrc = 0;          ///< of the stream reported on
    std::uint8_t fraction_lost = 0;  ///< of 256, since the last report
    std::int32_t packets_lost = 0;   ///< since the begin; duplicates make it negative; 24 bits on the wire
    std::uint32_t highest_sequence = 0;  ///< received, with the wraps counted in the upper half
    std::uint32_t jitter = 0;            ///< in samples
    std::uint32_t last_sr = 0;           ///< middle 32 bits of the last sender report's time; 0: none came
    std::uint32_t delay_since_sr = 0;    ///< since it came, in 1/65536 s
};

/// What a sender says about its own stream.
struct SenderInfo {
    std::uint64_t ntp_time = 0;  ///< seconds since 1900 in the upper half, fraction in the lower
    std::uint32_t rtp_time = 0;
    std::uint32_t packets = 0, octets = 0;
};

/// What one compound packet says, as far as we use it.
struct RtcpReport {
    std::uint32_t ssrc = 0;                 ///< of who sends it
    std::optional<SenderInfo> sender = {};  ///< set: a sender report; else a receiver report
    std::vector<ReportBlock> blocks = {};   ///< at most 31
    bool bye = false;
};

/// The reports of a compound packet; nothing when it does not begin with a report, or when any length in it
/// lies (RFC 3550, appendix A.2). SDES, APP and feedback are skipped.
std::optional<RtcpReport> parse_rtcp(std::span<const std::uint8_t> bytes);

/// The compound packet: the report, our canonical name (at most 255 bytes), and BYE when asked for.
std::vector<std::uint8_t> build_rtcp(const RtcpReport& report, std::string_view canonical_name);

/// The time from us to who reports and back, in 1/65536 s, when the block came at `now` (NTP's form); nothing
/// when it answers no report of ours, or its times lie (RFC 3550, section 6.4.1).
std::optional<std::uint32_t> round_trip(const ReportBlock& block, std::uint64_t now);

/// NTP's form of microseconds since 1970.
std::uint64_t ntp_time(std::uint64_t unix_microseconds);

}  // namespace patchbay::media
