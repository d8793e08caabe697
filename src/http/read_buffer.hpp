// Bytes read and not yet used: filled at the end, used from the front.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace patchbay::http {

class ReadBuffer {
  public:
    std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }

    /// Room to read into, at least half of `block` bytes; what was there moves to the front when that helps.
    std::span<char> prepare(std::size_t block = 8192) {
        if (begin_ == end_) begin_ = end_ = 0;
        if (bytes_.size() - end_ < block / 2) {
            std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                      bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
            end_ -= begin_;
            begin_ = 0;
            if (bytes_.size() - end_ < block / 2) bytes_.resize(end_ + block);
        }
        return {bytes_.data() + end_, bytes_.size() - end_};
    }
    void commit(std::size_t count) { end_ += count; }
    void consume(std::size_t count) { begin_ += count; }

  private:
    std::vector<char> bytes_;
    std::size_t begin_ = 0, end_ = 0;
};

}  // namespace patchbay::http
