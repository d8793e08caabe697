// The numbers of one stream's packets (RFC 3711, section 3.3): whole ones from the 16 bits in a header, and
// which of them were there already.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>

namespace patchbay::media {

class PacketNumbers {
  public:
    static constexpr std::size_t window =
        128;  ///< packets behind the newest that can be told from repeated ones

    /// The number nearest the newest one that ends in that sequence number.
    std::uint64_t number_of(std::uint16_t sequence) const;
    /// Neither there already nor too old to tell.
    bool is_new(std::uint64_t number) const;
    /// From now on it was there. It must be new.
    void note(std::uint64_t number);

  private:
    std::uint64_t newest_ = 0;
    std::bitset<window> there_;  ///< bit n: newest_ - n; none: nothing was there yet
};

}  // namespace patchbay::media
