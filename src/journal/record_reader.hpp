// Reads one segment's records in order, in blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "journal/files.hpp"
#include "journal/record.hpp"

namespace patchbay::journal {

/// Not thread-safe. Records that are appended later are found by asking again after the end.
class RecordReader {
  public:
    explicit RecordReader(std::shared_ptr<File> file) : file_(std::move(file)) {}

    /// The next record, valid until the next call; `partial` at the end, whose size is that of a last line
    /// without its end.
    Result<RecordView> next();
    /// Where the next record begins in the file.
    std::uint64_t position() const { return position_; }

  private:
    Result<std::size_t> refill();

    std::shared_ptr<File> file_;
    std::string buffer_;
    std::size_t begin_ = 0, end_ = 0;  ///< of the bytes in the buffer that were not handed out
    std::uint64_t position_ = 0;
};

}  // namespace patchbay::journal
