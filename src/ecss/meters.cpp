#include "ecss/meters.hpp"

#include <array>
#include <string>

namespace patchbay::ecss {
namespace {

constexpr std::array<std::string_view, 2> transport_words{"http", "websocket"};
constexpr std::array<std::string_view, 5> result_words{"done", "refused", "invalid", "not_authorized",
                                                       "other"};

std::size_t result_of(int status) {
    switch (status) {
        case 200:
            return 0;
        case 403:
            return 1;
        case 400:
            return 2;
        case 401:
            return 3;
        default:
            return 4;
    }
}

std::size_t place(std::size_t command, std::size_t transport, std::size_t result) {
    return (command * transport_words.size() + transport) * result_words.size() + result;
}

}  // namespace

Meters::Meters()
    : wrong_lengths_(
          metrics::counter("patchbay_ecss_wrong_lengths_total",
                           "Frames whose header gives another length than they have; they are taken")) {
    commands_.resize((command_count() + 1) * transports * results);
    for (std::size_t command = 0; command <= command_count(); ++command) {
        const std::string name(command == command_count() ? "unknown" : command_at(command).name);
        for (std::size_t transport = 0; transport < transports; ++transport) {
            for (std::size_t result = 0; result < results; ++result) {
                commands_.at(place(command, transport, result)) = &metrics::counter(
                    "patchbay_ecss_commands_total", "Commands answered, by name, transport and result",
                    {{"command", name},
                     {"transport", std::string(transport_words.at(transport))},
                     {"result", std::string(result_words.at(result))}});
            }
        }
    }
}

void Meters::count_command(const CommandKind* kind, Transport transport, int status) {
    const auto command = kind == nullptr ? command_count() : index_of(*kind);
    commands_.at(place(command, static_cast<std::size_t>(transport), result_of(status)))->add();
}

void Meters::count_invalid(Transport transport, std::string_view reason) {
    metrics::counter("patchbay_ecss_invalid_requests_total",
                     "Requests that were malformed or did not fit the schema",
                     {{"transport", std::string(transport_words.at(static_cast<std::size_t>(transport)))},
                      {"reason", std::string(reason)}})
        .add();
}

void count_bad_frame(std::string_view reason) {
    metrics::counter("patchbay_ecss_bad_frames_total", "WebSocket messages that are no frame, by reason",
                     {{"reason", std::string(reason)}})
        .add();
}

}  // namespace patchbay::ecss
