#include "media/rtcp.hpp"

#include <algorithm>

#include "media/bytes.hpp"

namespace patchbay::media {

namespace {

constexpr std::uint8_t version_bits = 2 << 6;
constexpr std::uint8_t sender_report = 200, receiver_report = 201, description = 202, goodbye = 203;
constexpr std::size_t block_size = 24, sender_size = 20, most_blocks = 31;

using Bytes = std::span<const std::uint8_t>;

/// 24 bits with a sign.
std::int32_t read_lost(const std::uint8_t* from) {
    return static_cast<std::int32_t>(read32(from) << 8) >> 8;
}

ReportBlock read_block(const std::uint8_t* from) {
    return {.ssrc = read32(from),
            .fraction_lost = from[4],
            .packets_lost = read_lost(from + 4),
            .highest_sequence = read32(from + 8),
            .jitter = read32(from + 12),
            .last_sr = read32(from + 16),
            .delay_since_sr = read32(from + 20)};
}

/// Reads one SR or RR into `report`. False when it is shorter than its count of blocks says.
bool read_report(Bytes packet, RtcpReport& report) {
    std::size_t at = 8;
    if (packet.size() < at) return false;
    const std::size_t count = packet[0] & 0x1F;
    report.ssrc = read32(packet.data() + 4);
    if (packet[1] == sender_report) {
        if (packet.size() < at + sender_size) return false;
        report.sender = SenderInfo{
            .ntp_time = std::uint64_t{read32(packet.data() + 8)} << 32 | read32(packet.data() + 12),
            .rtp_time = read32(packet.data() + 16),
            .packets = read32(packet.data() + 20),
            .octets = read32(packet.data() + 24)};
        at += sender_size;
    }
    if (packet.size() < at + count * block_size) return false;
    for (std::size_t i = 0; i < count; ++i, at += block_size) {
        report.blocks.push_back(read_block(packet.data() + at));
    }
    return true;
}

/// The first packet of the compound, padding included; empty when its length lies.
Bytes first_packet(Bytes bytes) {
    if (bytes.size() < 4 || bytes[0] >> 6 != 2) return {};
    const std::size_t size = 4 * (std::size_t{read16(bytes.data() + 2)} + 1);
    return size <= bytes.size() ? bytes.first(size) : Bytes{};
}

class Writer {
  public:
    void byte(std::uint8_t value) { bytes_.push_back(value); }
    void word(std::uint32_t value) {
        bytes_.resize(bytes_.size() + 4);
        write32(bytes_.data() + bytes_.size() - 4, value);
    }
    /// Begins a packet; its length is set by end().
    void begin(std::uint8_t type, std::size_t count) {
        start_ = bytes_.size();
        word(static_cast<std::uint32_t>(version_bits | count) << 24 | static_cast<std::uint32_t>(type) << 16);
    }
    void end() {
        while (bytes_.size() % 4 != 0) byte(0);
        const std::size_t words = (bytes_.size() - start_) / 4 - 1;
        write16(bytes_.data() + start_ + 2, static_cast<std::uint16_t>(words));
    }
    std::vector<std::uint8_t> take() { return std::move(bytes_); }

  private:
    std::vector<std::uint8_t> bytes_;
    std::size_t start_ = 0;
};

void write_block(Writer& out, const ReportBlock& block) {
    const auto lost = static_cast<std::uint32_t>(std::clamp(block.packets_lost, -0x800000, 0x7FFFFF));
    out.word(block.ssrc);
    out.word(static_cast<std::uint32_t>(block.fraction_lost) << 24 | (lost & 0xFFFFFF));
    out.word(block.highest_sequence);
    out.word(block.jitter);
    out.word(block.last_sr);
    out.word(block.delay_since_sr);
}

void write_report(Writer& out, const RtcpReport& report) {
    const std::size_t count = std::min(report.blocks.size(), most_blocks);
    out.begin(report.sender ? sender_report : receiver_report, count);
    out.word(report.ssrc);
    if (report.sender) {
        out.word(static_cast<std::uint32_t>(report.sender->ntp_time >> 32));
        out.word(static_cast<std::uint32_t>(report.sender->ntp_time));
        out.word(report.sender->rtp_time);
        out.word(report.sender->packets);
        out.word(report.sender->octets);
    }
    for (std::size_t i = 0; i < count; ++i) write_block(out, report.blocks[i]);
    out.end();
}

void write_canonical_name(Writer& out, std::uint32_t ssrc, std::string_view name) {
    constexpr std::uint8_t cname = 1;
    name = name.substr(0, 255);
    out.begin(description, 1);
    out.word(ssrc);
    out.byte(cname);
    out.byte(static_cast<std::uint8_t>(name.size()));
    for (const char letter : name) out.byte(static_cast<std::uint8_t>(letter));
    out.byte(0);
    out.end();
}

}  // namespace

std::optional<RtcpReport> parse_rtcp(std::span<const std::uint8_t> bytes) {
    RtcpReport report;
    bool first = true;
    while (!bytes.empty()) {
        const Bytes packet = first_packet(bytes);
        if (packet.empty()) return std::nullopt;
        const bool is_report = packet[1] == sender_report || packet[1] == receiver_report;
        if (first && !is_report) return std::nullopt;
        if (is_report && !read_report(packet, report)) return std::nullopt;
        report.bye = report.bye || packet[1] == goodbye;
        first = false;
        bytes = bytes.subspan(packet.size());
    }
    if (first) return std::nullopt;
    return report;
}

std::vector<std::uint8_t> build_rtcp(const RtcpReport& report, std::string_view canonical_name) {
    Writer out;
    write_report(out, report);
    write_canonical_name(out, report.ssrc, canonical_name);
    if (report.bye) {
        out.begin(goodbye, 1);
        out.word(report.ssrc);
        out.end();
    }
    return out.take();
}

std::optional<std::uint32_t> round_trip(const ReportBlock& block, std::uint64_t now) {
    constexpr std::uint32_t longest = 60U << 16;
    if (block.last_sr == 0) return std::nullopt;
    const std::uint32_t trip = static_cast<std::uint32_t>(now >> 16) - block.last_sr - block.delay_since_sr;
    if (trip > longest) return std::nullopt;  // a time before zero, too
    return std::max<std::uint32_t>(trip, 1);
}

std::uint64_t ntp_time(std::uint64_t unix_microseconds) {
    constexpr std::uint64_t seconds_1900_to_1970 = 2208988800;
    const std::uint64_t seconds = unix_microseconds / 1000000 + seconds_1900_to_1970;
    const std::uint64_t fraction = ((unix_microseconds % 1000000) << 32) / 1000000;
    return seconds << 32 | fraction;
}

}  // namespace patchbay::media
