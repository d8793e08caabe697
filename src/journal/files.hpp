// All of the journal's file work behind one small interface, so that tests can fill the disk, cut writes
// short and take the power away.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace patchbay::journal {

/// One open file. Errors have the code `io` (or `disk_full`) and the system's text.
class File {
  public:
    virtual ~File() = default;
    /// Writes at the end. The number of bytes taken, which may be fewer than given but not none.
    virtual Result<std::size_t> append(std::string_view bytes) = 0;
    /// Returns when what was written survives a power cut. May run while another thread appends.
    virtual Result<Done> sync() = 0;
    /// Sets room aside for that many bytes in all; the file stays as long as it is. Where that cannot be done
    /// nothing happens, and appending finds its room by itself.
    virtual void reserve(std::uint64_t size) = 0;
    /// Cuts the file to that size and gives back what was set aside beyond; appending goes on there.
    virtual Result<Done> truncate(std::uint64_t size) = 0;
    /// Reads from `position`; the number of bytes read, 0 at the end.
    virtual Result<std::size_t> read(std::uint64_t position, std::span<char> into) = 0;
    virtual Result<std::uint64_t> size() = 0;
};

/// A file system. Thread-safe.
class Files {
  public:
    virtual ~Files() = default;
    /// Makes the folder and those above it, where missing.
    virtual Result<Done> make_folder(const std::string& path) = 0;
    /// Names of the files in a folder, in no order.
    virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
    /// Opens for reading and appending; `create`: made, or emptied when there.
    virtual Result<std::shared_ptr<File>> open(const std::string& path, bool create) = 0;
    virtual Result<Done> remove(const std::string& path) = 0;
    /// Returns when the names in the folder survive a power cut.
    virtual Result<Done> sync_folder(const std::string& path) = 0;
    /// Keeps other processes from using the folder until the returned file goes. Error `in_use` when one
    /// does.
    virtual Result<std::shared_ptr<void>> lock_folder(const std::string& path) = 0;
};

/// The machine's file system. Lives as long as the process.
Files& disk_files();

}  // namespace patchbay::journal
