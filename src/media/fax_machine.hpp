// A fax machine (ITU-T T.30, by spandsp): sends or receives the pages of a TIFF file, as audio or by T.38.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patchbay::media {

/// One call's. One thread. Writes its file as pages come.
class FaxMachine {
  public:
    struct Order {
        std::filesystem::path file;
        std::string station;  ///< what the other machine is told of us: at most 20 digits, +, * and spaces
        bool sends = false;   ///< the pages of the file; else it receives them
    };
    struct Result {
        int pages = 0;            ///< that went or came whole
        std::string_view reason;  ///< why not all did, static storage; empty when all did
    };
    /// Takes a packet of T.38 for the peer, to be sent so many times.
    using SendPacket = std::function<void(std::span<const std::uint8_t>, int times)>;

    /// As audio of 8,000 samples a second. Throws std::bad_alloc when memory is short.
    explicit FaxMachine(const Order& order);
    /// By T.38, whose version is given.
    FaxMachine(const Order& order, int version, SendPacket send);
    ~FaxMachine();
    FaxMachine(const FaxMachine&) = delete;
    FaxMachine& operator=(const FaxMachine&) = delete;

    bool is_t38() const;
    /// Audio: takes what was heard, and fills `said`, both of 20 ms.
    void exchange(std::span<std::int16_t> heard, std::span<std::int16_t> said);
    /// T.38: takes a packet of the peer; and lets 20 ms pass.
    void take(std::span<const std::uint8_t> packet, std::uint16_t sequence);
    void pass_time();
    /// The line is gone: there is a result after it.
    void hang_up();

    /// None while the fax goes on.
    const std::optional<Result>& result() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::media
