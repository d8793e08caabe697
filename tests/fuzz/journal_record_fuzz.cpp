// room: journal
// Records and segment headers as they may stand on a damaged disk.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "journal/codec.hpp"
#include "journal/record.hpp"
#include "journal/segment.hpp"

using namespace patchbay::journal;

namespace {

// What decodes must encode to something that decodes to the same.
void check(std::string_view json) {
    static_cast<void>(peek_offset(json));
    static_cast<void>(decode_header(json));
    const auto event = decode(json);
    if (!event) return;
    std::string once, twice;
    encode(*event, once);
    const auto record = first_record(once);
    if (record.state != RecordState::whole) std::abort();
    const auto again = decode(record.json);
    if (!again) std::abort();
    encode(*again, twice);
    if (once != twice) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    check(bytes);
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const auto record = first_record(rest);
        if (record.size == 0 || record.size > rest.size()) std::abort();
        if (record.state == RecordState::whole) check(record.json);
        rest.remove_prefix(record.size);
    }
    return 0;
}
