// Records that the store will never take: kept in a file, so that they neither block the others nor get lost.
#pragma once

#include <string>

#include "base/result.hpp"
#include "history/cdr.hpp"

namespace patchbay::history {

/// Not thread-safe.
class SetAside {
  public:
    /// Appends to that file, made at first use; empty: the log alone tells of them.
    explicit SetAside(std::string file) : file_(std::move(file)) {}

    /// Writes the record and why it was refused as one line of JSON, logs and counts it.
    void keep(const Cdr& cdr, const Error& refused);

  private:
    const std::string file_;
};

}  // namespace patchbay::history
