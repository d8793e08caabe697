// Sound made up in the place of packets that never came: the last pitch period again and again, fading
// (spandsp's concealment, after ITU-T G.711 appendix I). For codecs that bring nothing of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace patchbay::media {

class Concealment {
  public:
    Concealment();
    ~Concealment();
    Concealment(const Concealment&) = delete;
    Concealment& operator=(const Concealment&) = delete;

    /// These samples came. Directly after a gap their begin is blended with what was made up.
    void heard(std::span<std::int16_t> samples);
    /// These did not: fills them.
    void fill(std::span<std::int16_t> samples);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::media
