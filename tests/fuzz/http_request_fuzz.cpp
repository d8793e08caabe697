// room: http
#include <cstddef>
#include <cstdint>
#include <string>

#include "http/http.hpp"
#include "http/request_reader.hpp"

// Reads requests from the bytes twice, at once and in small pieces: the same requests must come out. (A fault
// may be seen sooner in one of them.)
namespace {

using patchbay::http::RequestReader;

std::string read(std::string_view text, std::size_t piece) {
    RequestReader reader(64 * 1024, 512);
    std::string waiting, seen;
    while (!text.empty() || !waiting.empty()) {
        waiting += text.substr(0, piece);
        text.remove_prefix(std::min(piece, text.size()));
        const auto used = reader.take(waiting);
        waiting.erase(0, used);
        if (reader.state() == RequestReader::State::failed) return seen;
        if (reader.state() == RequestReader::State::done) {
            const auto& request = reader.request();
            seen += request.method + ' ' + request.path + ' ' + request.query + ' ' + request.body + '\n';
            reader.reset();
        } else if (used == 0 && text.empty()) {
            break;
        }
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (read(text, size + 1) != read(text, 3)) __builtin_trap();
    return 0;
}
