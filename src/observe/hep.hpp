// Copies of packets for a capture server such as Homer (HEP version 3, also called EEP): what was said on the
// network, by whom, when, and to which call it belongs; by UDP, and lost when the collector is slow.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "config/config.hpp"
#include "media/address.hpp"

namespace patchbay::observe {

/// What a copied packet holds.
enum class HepKind : std::uint8_t {
    rtcp = 5,      ///< an RTCP report as JSON
    quality = 34,  ///< what one leg's audio was like, as JSON
};

/// One packet to be copied. It went by UDP.
struct HepPacket {
    HepKind kind = HepKind::rtcp;
    media::Address from, to;          ///< of one family; none: as 0.0.0.0
    std::chrono::microseconds at{0};  ///< since 1970
    std::string_view payload;
    std::string_view correlation;  ///< what joins the packets of one leg
};

/// The datagram. `capture_id`: who copies; `password`: none when empty.
std::string encode(const HepPacket& packet, std::uint32_t capture_id, std::string_view password);

/// Sends copies. Any thread; never blocks: what the kernel does not take at once is counted and gone.
class HepSender {
  public:
    /// Throws std::runtime_error when there is no socket of the address's family. Sends nothing without an
    /// address.
    explicit HepSender(const config::Hep& settings);
    bool on() const { return static_cast<bool>(socket_); }
    void send(const HepPacket& packet) const;

  private:
    config::Hep settings_;
    media::Address collector_;
    Descriptor socket_;
};

}  // namespace patchbay::observe
