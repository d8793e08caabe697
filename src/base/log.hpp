// The log, as every room writes it. Lines go to one asynchronous writer; writing never blocks a call.
// A line names its room, so that `journalctl | grep sip:` tells one room's story.
#pragma once

#include <string_view>

#include <fmt/core.h>

namespace patchbay::log {

enum class Level { debug, info, warning, error };

/// Starts the writer: lines of `lowest` and above go to standard error. Before it, and after stop(), lines
/// are written at once. Call once, from main.
void start(Level lowest);
void set_level(Level lowest);
/// Writes what is waiting and ends the writer.
void stop();

bool enabled(Level level);
void write(Level level, std::string_view room, fmt::string_view format, fmt::format_args args);

template <typename... Args>
void debug(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::debug)) write(Level::debug, room, format, fmt::make_format_args(args...));
}
template <typename... Args>
void info(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::info)) write(Level::info, room, format, fmt::make_format_args(args...));
}
template <typename... Args>
void warning(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::warning)) write(Level::warning, room, format, fmt::make_format_args(args...));
}
template <typename... Args>
void error(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::error)) write(Level::error, room, format, fmt::make_format_args(args...));
}

}  // namespace patchbay::log
