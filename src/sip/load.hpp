// Measures how loaded the node is, and asks the admission policy for each new call. For .cpp files of this
// room alone.
#pragma once

#include "sip/admission.hpp"
#include "sip/core.hpp"
#include "sip/receive_queue.hpp"

namespace patchbay::sip {

class Load {
  public:
    /// Measures by itself from now on. `core` must outlive it.
    explicit Load(Core& core);
    ~Load();
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    /// Of every INVITE that may begin a call; measures now and then.
    Admission::Verdict keeps_up();
    Admission::Verdict new_call() { return admission_.new_call(); }
    Admission& admission() { return admission_; }

  private:
    void measure(std::optional<Milliseconds> lag);
    void tick();

    Core& core_;
    Admission admission_;
    ReceiveQueue queue_;
    TimerId timer_;
    Ticks due_{};
    unsigned calls_ = 0;
};

}  // namespace patchbay::sip
