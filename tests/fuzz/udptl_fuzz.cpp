// room: media
// T.38 datagrams: whatever comes, what is read lies within it, and packets come in order, each once.
#include <cstdlib>

#include "media/udptl.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace patchbay::media;
    const std::span<const std::uint8_t> bytes(data, size);
    if (const auto read = parse_udptl(bytes)) {
        std::size_t total = read->primary.size();
        for (std::size_t i = 0; i < read->earlier_count; ++i) total += read->earlier[i].size();
        if (total > size) std::abort();
    }
    // The same bytes as a stream: a length before each datagram.
    UdptlReceiver receiver;
    std::optional<std::uint16_t> last;
    for (std::size_t at = 0; at < size;) {
        const std::size_t length = std::min<std::size_t>(data[at] + std::size_t{1}, size - at);
        receiver.take(bytes.subspan(at, length), [&](std::span<const std::uint8_t>, std::uint16_t sequence) {
            if (last && static_cast<std::int16_t>(sequence - *last) <= 0) std::abort();
            last = sequence;
        });
        at += length;
    }
    return 0;
}
