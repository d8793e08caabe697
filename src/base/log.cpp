#include "base/log.hpp"

#include <atomic>
#include <memory>

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace patchbay::log {
namespace {

constexpr std::size_t waiting_lines = 8192;

std::atomic<Level> lowest_level{Level::info};

spdlog::level::level_enum spd_level(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::shared_ptr<spdlog::logger>& writer() {
    static std::shared_ptr<spdlog::logger> logger;
    return logger;
}

void prepare(spdlog::logger& logger) {
    logger.set_level(spdlog::level::debug);
    logger.set_pattern("%Y-%m-%dT%H:%M:%S.%e %-7l %v", spdlog::pattern_time_type::utc);
}

}  // namespace

void start(Level lowest) {
    set_level(lowest);
    spdlog::init_thread_pool(waiting_lines, 1);
    writer() = spdlog::create_async_nb<spdlog::sinks::stderr_sink_mt>("patchbay");
    prepare(*writer());
    spdlog::flush_every(std::chrono::seconds(1));
}

void set_level(Level lowest) {
    lowest_level.store(lowest, std::memory_order_relaxed);
}

void stop() {
    spdlog::shutdown();  // first: the writer's thread lets go of the logger then
    writer().reset();
}

bool enabled(Level level) {
    return level >= lowest_level.load(std::memory_order_relaxed);
}

void write(Level level, std::string_view room, fmt::string_view format, fmt::format_args args) {
    const auto line = fmt::format("{}: {}", room, fmt::vformat(format, args));
    if (const auto logger = writer()) {
        logger->log(spd_level(level), line);
    } else {
        fmt::print(stderr, "{}\n", line);
    }
}

}  // namespace patchbay::log
