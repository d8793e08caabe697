// DTMF digits found among a leg's audio (spandsp). Exists only for legs whose digits may come so.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "media/format.hpp"

namespace patchbay::media {

/// One stream's. One thread.
class ToneReader {
  public:
    /// Throws std::bad_alloc when memory is short.
    ToneReader();
    ~ToneReader();
    ToneReader(const ToneReader&) = delete;
    ToneReader& operator=(const ToneReader&) = delete;

    /// Takes one packet's payload. Returns the digits whose tone it made certain: 0-9 * # A-D, mostly none.
    /// Valid until the next call.
    const std::string& take(const Format& format, std::span<const std::uint8_t> payload);
    /// A digit's tone sounds at the end of what was taken.
    bool sounding() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
    std::string digits_;
};

}  // namespace patchbay::media
