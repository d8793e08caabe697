#include "media/udptl.hpp"

namespace patchbay::media {

namespace {

constexpr std::size_t redundant_packets = 3;
constexpr std::uint8_t error_correction = 0x80;  ///< the choice that is not redundancy

/// Reads from the front of a datagram.
class Reader {
  public:
    explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

    std::optional<std::uint8_t> byte() {
        if (rest_.empty()) return std::nullopt;
        const std::uint8_t value = rest_.front();
        rest_ = rest_.subspan(1);
        return value;
    }
    /// A length as PER writes it (ITU-T X.691): one byte, or two from 128 on. Fragments do not fit a
    /// datagram.
    std::optional<std::size_t> length() {
        const auto first = byte();
        if (!first || *first < 0x80) return first;
        if ((*first & 0x40) != 0) return std::nullopt;
        const auto second = byte();
        if (!second) return std::nullopt;
        return (static_cast<std::size_t>(*first & 0x3F) << 8U) | *second;
    }
    std::optional<std::span<const std::uint8_t>> packet() {
        const auto size = length();
        if (!size || *size > rest_.size()) return std::nullopt;
        const auto packet = rest_.first(*size);
        rest_ = rest_.subspan(*size);
        return packet;
    }
    bool empty() const { return rest_.empty(); }

  private:
    std::span<const std::uint8_t> rest_;
};

void write_length(std::vector<std::uint8_t>& out, std::size_t length) {
    if (length >= 0x80) out.push_back(static_cast<std::uint8_t>(0x80 | (length >> 8U)));
    out.push_back(static_cast<std::uint8_t>(length));
}

void write_packet(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> packet) {
    write_length(out, packet.size());
    out.insert(out.end(), packet.begin(), packet.end());
}

}  // namespace

std::optional<Udptl> parse_udptl(std::span<const std::uint8_t> datagram) {
    Reader reader(datagram);
    const auto high = reader.byte(), low = reader.byte();
    if (!high || !low) return std::nullopt;
    Udptl udptl;
    udptl.sequence = static_cast<std::uint16_t>((*high << 8) | *low);
    const auto primary = reader.packet();
    if (!primary) return std::nullopt;
    udptl.primary = *primary;
    const auto choice = reader.byte();
    if (!choice || *choice == error_correction) return udptl;
    if (*choice != 0) return std::nullopt;
    const auto count = reader.length();
    if (!count) return std::nullopt;
    for (std::size_t i = 0; i < *count && udptl.earlier_count < most_redundant; ++i) {
        const auto packet = reader.packet();
        if (!packet) return std::nullopt;
        udptl.earlier[udptl.earlier_count++] = *packet;
    }
    return udptl;
}

std::vector<std::uint8_t> UdptlSender::next(std::span<const std::uint8_t> packet) {
    std::vector<std::uint8_t> datagram{static_cast<std::uint8_t>(sequence_ >> 8U),
                                       static_cast<std::uint8_t>(sequence_)};
    ++sequence_;
    write_packet(datagram, packet);
    std::size_t again = 0, size = datagram.size() + 2;
    for (const auto& earlier : sent_) {
        size += earlier.size() + 2;
        if (!terms_.redundancy || size > static_cast<std::size_t>(terms_.max_datagram)) break;
        ++again;
    }
    datagram.push_back(0);
    write_length(datagram, again);
    for (std::size_t i = 0; i < again; ++i) write_packet(datagram, sent_[i]);
    sent_.emplace_front(packet.begin(), packet.end());
    if (sent_.size() > redundant_packets) sent_.pop_back();
    return datagram;
}

bool UdptlReceiver::take(std::span<const std::uint8_t> datagram, const Packet& packet) {
    const auto udptl = parse_udptl(datagram);
    if (!udptl) return false;
    const auto is_new = [this](std::uint16_t sequence) {
        return static_cast<std::int16_t>(sequence - *last_) > 0;
    };
    if (!last_) last_ = static_cast<std::uint16_t>(udptl->sequence - 1);
    for (std::size_t back = udptl->earlier_count; back > 0; --back) {
        const auto sequence = static_cast<std::uint16_t>(udptl->sequence - back);
        if (!is_new(sequence)) continue;
        packet(udptl->earlier[back - 1], sequence);
        last_ = sequence;
    }
    if (!is_new(udptl->sequence)) return true;
    packet(udptl->primary, udptl->sequence);
    last_ = udptl->sequence;
    return true;
}

}  // namespace patchbay::media
