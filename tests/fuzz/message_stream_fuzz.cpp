// room: sip
// What a bridge carries: however a stream is cut into pieces, the same messages come out; a frame given its
// length is one message of a stream; exchanging the transport there and back changes nothing.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message_stream.hpp"

namespace {

using patchbay::sip::MessageStream;

constexpr std::size_t longest = 4096;

std::vector<std::string> messages(std::string_view bytes, std::size_t piece) {
    MessageStream stream(longest);
    std::vector<std::string> got;
    while (!bytes.empty()) {
        stream.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        while (auto message = stream.next()) got.push_back(std::move(*message));
    }
    return got;
}

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto at_once = messages(bytes, longest);
    for (const auto& message : at_once) require(message.size() <= longest);
    require(messages(bytes, 1 + size % 7) == at_once);
    const auto exchanged = patchbay::sip::with_transport(bytes, "WSS");
    require(patchbay::sip::with_transport(exchanged, "TCP") == patchbay::sip::with_transport(bytes, "TCP"));
    if (const auto whole = patchbay::sip::with_length(bytes); whole && whole->size() <= longest) {
        const bool blank_start = whole->find_first_not_of("\r\n") != 0;
        const auto cut = messages(*whole, longest);
        if (!blank_start) require(cut.size() == 1 && cut.front() == *whole);
    }
    return 0;
}
