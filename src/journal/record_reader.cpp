#include "journal/record_reader.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace patchbay::journal {

Result<RecordView> RecordReader::next() {
    while (true) {
        const auto record = first_record(std::string_view(buffer_).substr(begin_, end_ - begin_));
        if (record.state != RecordState::partial) {
            begin_ += record.size;
            position_ += record.size;
            return record;
        }
        const auto got = refill();
        if (!got) return got.error();
        if (*got == 0) return record;
    }
}

Result<std::size_t> RecordReader::refill() {
    static constexpr std::size_t block = 64 * 1024;
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
    if (buffer_.size() - end_ < block) buffer_.resize(std::max(block, 2 * buffer_.size()));
    auto got = file_->read(position_ + end_, std::span(buffer_).subspan(end_));
    if (got) end_ += *got;
    return got;
}

}  // namespace patchbay::journal
