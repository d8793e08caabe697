// Signals as a descriptor, so that they arrive in the loop like everything else.
#pragma once

#include <optional>

#include "base/descriptor.hpp"

namespace patchbay::app {

/// Blocks SIGTERM, SIGINT and SIGHUP in this thread and those it starts later, and ignores SIGPIPE; make one
/// before any thread. Throws std::system_error when the kernel gives no descriptor.
class Signals {
  public:
    Signals();
    int descriptor() const { return descriptor_.get(); }
    /// The next signal that came; nothing when none waits.
    std::optional<int> take();

  private:
    Descriptor descriptor_;
};

}  // namespace patchbay::app
