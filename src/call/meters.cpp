#include "call/meters.hpp"

#include <string>

namespace patchbay::call {

Meters::Meters()
    : calls_(metrics::gauge("patchbay_calls", "Calls in progress")),
      legs_(metrics::gauge("patchbay_legs", "Legs in progress")) {}

void Meters::call_ended(std::string_view cause) {
    auto& counter = ends_[cause];
    if (counter == nullptr) {
        counter = &metrics::counter("patchbay_call_ends_total", "Calls ended, by cause",
                                    {{"cause", std::string(cause)}});
    }
    counter->add();
}

void Meters::command(std::string_view dialect, std::string_view command, const std::string& result) {
    auto& counter = commands_[{dialect, command, result}];
    if (counter == nullptr) {
        counter = &metrics::counter(
            "patchbay_switch_commands_total", "Commands the switch was given, by result",
            {{"dialect", std::string(dialect)}, {"command", std::string(command)}, {"result", result}});
    }
    counter->add();
}

}  // namespace patchbay::call
