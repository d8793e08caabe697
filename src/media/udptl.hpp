// T.38 over UDP: each datagram carries one packet of the fax and, again, some before it (ITU-T T.38, annex on
// UDPTL; redundancy, no forward error correction). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace patchbay::media {

/// What T.38 in the two SDP bodies says of datagrams (ITU-T T.38, annex D).
struct T38Terms {
    int version = 0;
    int max_datagram = 400;  ///< bytes that the peer takes in one
    bool redundancy = true;  ///< the peer makes use of packets that come again
    bool operator==(const T38Terms&) const = default;
};

/// Most packets that one datagram is read for beside its first.
constexpr std::size_t most_redundant = 8;

/// One datagram, as views into it.
struct Udptl {
    std::uint16_t sequence = 0;
    std::span<const std::uint8_t> primary;
    std::array<std::span<const std::uint8_t>, most_redundant> earlier;  ///< the newest first
    std::size_t earlier_count = 0;
};

/// Nothing when it is no UDPTL. Forward error correction in it is passed over.
std::optional<Udptl> parse_udptl(std::span<const std::uint8_t> datagram);

/// Makes datagrams of packets. One stream's.
class UdptlSender {
  public:
    explicit UdptlSender(const T38Terms& terms) : terms_(terms) {}
    /// The datagram for the next packet, with those before it as far as the peer takes as much.
    std::vector<std::uint8_t> next(std::span<const std::uint8_t> packet);

  private:
    T38Terms terms_;
    std::uint16_t sequence_ = 0;
    std::deque<std::vector<std::uint8_t>> sent_;  ///< the newest first
};

/// Makes packets of datagrams, in order, each once, those lost made good from later ones. One stream's.
class UdptlReceiver {
  public:
    using Packet = std::function<void(std::span<const std::uint8_t>, std::uint16_t sequence)>;
    /// False when it is no UDPTL.
    bool take(std::span<const std::uint8_t> datagram, const Packet& packet);

  private:
    std::optional<std::uint16_t> last_;  ///< none: nothing came yet
};

}  // namespace patchbay::media
