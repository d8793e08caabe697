#include "media/recording_ring.hpp"

#include <algorithm>

namespace patchbay::media {

// Left as the allocator gives it: pages that no recording ever reaches cost nothing.
RecordingRing::RecordingRing(std::size_t capacity)
    : capacity_(capacity), bytes_(new std::uint8_t[capacity]) {}

bool RecordingRing::push(TappedPacket packet, std::span<const std::uint8_t> payload) {
    const std::uint64_t at = written_.load(std::memory_order_relaxed);
    const std::size_t size = sizeof(packet) + payload.size();
    if (capacity_ - (at - taken_.load(std::memory_order_acquire)) < size) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    packet.size = static_cast<std::uint16_t>(payload.size());
    write(at, &packet, sizeof(packet));
    write(at + sizeof(packet), payload.data(), payload.size());
    written_.store(at + size, std::memory_order_release);
    return true;
}

bool RecordingRing::pop(TappedPacket& packet, std::span<std::uint8_t> payload, Moment until) {
    const std::uint64_t at = taken_.load(std::memory_order_relaxed);
    if (written_.load(std::memory_order_acquire) == at) return false;
    read(at, &packet, sizeof(packet));
    if (packet.at >= until) return false;
    read(at + sizeof(packet), payload.data(), std::min<std::size_t>(packet.size, payload.size()));
    taken_.store(at + sizeof(packet) + packet.size, std::memory_order_release);
    return true;
}

void RecordingRing::write(std::uint64_t at, const void* from, std::size_t size) {
    const std::size_t place = at & (capacity_ - 1), first = std::min(size, capacity_ - place);
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    std::copy_n(bytes, first, bytes_.get() + place);
    std::copy_n(bytes + first, size - first, bytes_.get());
}

void RecordingRing::read(std::uint64_t at, void* to, std::size_t size) const {
    const std::size_t place = at & (capacity_ - 1), first = std::min(size, capacity_ - place);
    auto* bytes = static_cast<std::uint8_t*>(to);
    std::copy_n(bytes_.get() + place, first, bytes);
    std::copy_n(bytes_.get(), size - first, bytes + first);
}

}  // namespace patchbay::media
