// Bytes of a connection → Request (RFC 9112). No sockets: the connection feeds it, the fuzzer too.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "http/http.hpp"

namespace patchbay::http {

/// Reads one request after another. Not thread-safe.
class RequestReader {
  public:
    enum class State : std::uint8_t { head, body, done, failed };

    /// Limits in bytes.
    RequestReader(std::size_t max_header, std::size_t max_body);
    ~RequestReader();
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;

    /// Takes from the front of `bytes` and returns how many it used. What it leaves must come again, with
    /// more behind it; after `done` the rest belongs to the next request.
    std::size_t take(std::string_view bytes);
    State state() const;
    /// True once the first byte of a request was seen.
    bool begun() const;

    /// After `done` or `failed`. The target's path as sent is apart from the request, for the router.
    Request& request();
    const std::string& encoded_path() const;
    /// After `failed`: 400, 411, 413, 415, 431, 501 or 505, and what was wrong.
    int status() const;
    std::string_view fault() const;

    /// After the head was read.
    bool keep_alive() const;
    bool expects_continue() const;
    bool wants_websocket() const;

    /// Makes ready for the next request.
    void reset();

  private:
    struct Parser;
    std::size_t max_header_, max_body_;
    std::unique_ptr<Parser> parser_;
};

}  // namespace patchbay::http
