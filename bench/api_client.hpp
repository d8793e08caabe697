// One connection of the load on the interfaces: commands over HTTP or frames over a WebSocket, one
// outstanding at a time. Only as much of both protocols as that takes.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace patchbay::bench {

using Clock = std::chrono::steady_clock;

/// A conversation that is held and taken back in turn.
struct Conversation {
    std::string operator_id, password, id;
    bool is_held = false;
    Clock::time_point asked{};  ///< when the last command for it was sent
};

/// The next command for it, in each spelling.
std::string http_request(const std::string& domain, const Conversation& conversation);
std::string command_frame(const Conversation& conversation);
std::string login_frame(const Conversation& conversation);

/// A socket that does not block once it is connected. Ends the program when the server does not do as it
/// should.
class Connection {
  public:
    enum class Kind : std::uint8_t { http, socket };

    Connection(std::uint16_t port, Kind kind, const std::string& domain);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int descriptor() const { return descriptor_; }
    /// A request, or the text of a WebSocket message.
    void send(std::string_view text);
    /// Reads what is there; calls for each whole answer: the HTTP answer, or the message's text.
    void receive(const std::function<void(std::string_view)>& answer);

  private:
    void upgrade(const std::string& domain);
    void write_all(std::string_view bytes);
    std::size_t http_size() const;
    bool take_message(std::string_view& text, std::size_t& size) const;

    const Kind kind_;
    int descriptor_ = -1;
    std::string in_;
    std::size_t taken_ = 0;
};

/// Ends the program with that line.
[[noreturn]] void fail(const std::string& why);

}  // namespace patchbay::bench
