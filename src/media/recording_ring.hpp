// What one media thread taps for the recorder: packets as they came, one behind the other in a ring of fixed
// size. The media thread never waits: what does not fit is counted and left out.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/ids.hpp"
#include "media/format.hpp"
#include "media/port_pool.hpp"

namespace patchbay::media {

/// The two channels of a recording.
enum class Side : std::uint8_t {
    own,    ///< left: what the recorded leg says
    other,  ///< right: what it hears
};

/// One packet on its way to a recording. `recording` is the recorder's number for it.
struct TappedPacket {
    std::uint64_t recording = 0;
    LegId speaker{};
    Moment at{};  ///< when it came
    std::uint32_t ssrc = 0, timestamp = 0;
    Codec codec = Codec::pcma;
    Side side = Side::own;
    std::uint16_t size = 0;  ///< of its payload
};

/// One producer, one consumer, without locks; what each of them writes has a cache line of its own.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
class RecordingRing {
  public:
    static constexpr std::size_t usual_capacity = std::size_t{4} << 20;
    /// `capacity`: bytes, a power of two.
    explicit RecordingRing(std::size_t capacity = usual_capacity);

    /// The media thread. `packet.size` is set from the payload. False, and counted, when it does not fit.
    bool push(TappedPacket packet, std::span<const std::uint8_t> payload);
    /// The recorder. The next packet that came before `until`, and its payload (copied into `payload`, which
    /// has room for the largest packet); false when there is none.
    bool pop(TappedPacket& packet, std::span<std::uint8_t> payload, Moment until);
    /// Packets left out so far. Any thread.
    std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

  private:
    void write(std::uint64_t at, const void* from, std::size_t size);
    void read(std::uint64_t at, void* to, std::size_t size) const;

    const std::size_t capacity_;
    const std::unique_ptr<std::uint8_t[]> bytes_;
    alignas(64) std::atomic<std::uint64_t> written_{0};
    alignas(64) std::atomic<std::uint64_t> taken_{0};
    std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace patchbay::media
