// The packets of one leg that wait to be decoded, in the order of their timestamps, each once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/port_pool.hpp"

namespace patchbay::media {

class JitterBuffer {
  public:
    struct Packet {
        std::uint32_t timestamp = 0;
        Moment arrived{};
        bool noise = false;  ///< comfort noise (RFC 3389), not speech
        std::vector<std::uint8_t> payload;
    };
    /// What became of a packet.
    enum class Taken : std::uint8_t {
        kept,
        late,       ///< its time is over
        duplicate,  ///< it is there already
        strange,    ///< its timestamp is seconds away from all others'
    };

    /// `clock_rate`: Hz of the timestamps.
    explicit JitterBuffer(int clock_rate) : clock_rate_(clock_rate) {}

    /// A packet came. The third strange one in a row begins everything anew: the sender has jumped.
    Taken write(std::uint32_t timestamp, std::span<const std::uint8_t> payload, bool noise, Moment now);
    /// The earliest packet; null when none waits. Valid until the next change.
    const Packet* front() const { return packets_.empty() ? nullptr : &packets_.front(); }
    void drop_front();
    /// Packets before that timestamp come too late from now on.
    void played_to(std::uint32_t timestamp) {
        played_ = timestamp;
        begun_ = true;
    }
    /// Forgets what waits, and what was played.
    void clear();
    std::size_t waiting() const { return packets_.size(); }

  private:
    std::int32_t ahead(std::uint32_t of, std::uint32_t timestamp) const {
        return static_cast<std::int32_t>(timestamp - of);
    }

    static constexpr std::size_t most_packets = 64;
    int clock_rate_;
    std::vector<Packet> packets_;
    std::vector<std::vector<std::uint8_t>> spare_;  ///< memory of packets that are done with
    std::uint32_t played_ = 0;
    bool begun_ = false;
    int strange_ = 0;  ///< in a row
};

}  // namespace patchbay::media
