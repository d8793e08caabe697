#include "media/packet_numbers.hpp"

namespace patchbay::media {

std::uint64_t PacketNumbers::number_of(std::uint16_t sequence) const {
    if (there_.none()) return sequence;
    const auto distance = static_cast<std::int16_t>(sequence - static_cast<std::uint16_t>(newest_));
    // Before the first of all numbers there is none: it lies ahead.
    if (distance < 0 && newest_ < static_cast<std::uint64_t>(-distance)) return sequence;
    return newest_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

bool PacketNumbers::is_new(std::uint64_t number) const {
    if (there_.none() || number > newest_) return true;
    const auto behind = newest_ - number;
    return behind < window && !there_[behind];
}

void PacketNumbers::note(std::uint64_t number) {
    if (there_.none()) newest_ = number;
    if (number > newest_) {
        const auto ahead = number - newest_;
        if (ahead < window) {
            there_ <<= ahead;
        } else {
            there_.reset();
        }
        newest_ = number;
    }
    there_.set(newest_ - number);
}

}  // namespace patchbay::media
