#include "acd/csv.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace patchbay::acd {
namespace {

constexpr std::string_view queue_columns =
    "queue,begin,entered,answered,answered_in_time,service_level,abandoned,abandoned_short,overflowed,moved,"
    "callbacks,missed,mean_wait,longest_wait,talk,held,acw,mean_handling\r\n";
constexpr std::string_view operator_columns =
    "operator,begin,answered,missed,rejected,talk,held,acw,ready,aux,at_work,occupancy\r\n";

double seconds(Milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

std::string begin_text(Time begin) {
    return begin == Time{} ? std::string() : date_time(begin, '-');
}

}  // namespace

// Names of queues and operators are letters, digits and + * # - . _: none needs quotes.

std::string queues_csv(std::span<const QueueInterval> records) {
    std::string out(queue_columns);
    for (const auto& [queue, begin, f] : records) {
        fmt::format_to(
            std::back_inserter(out),
            "{},{},{},{},{},{:.3f},{},{},{},{},{},{},{:.1f},{:.1f},{:.1f},{:.1f},{:.1f},{:.1f}\r\n", queue,
            begin_text(begin), f.entered, f.answered, f.answered_in_time, f.service_level(), f.abandoned,
            f.abandoned_short, f.overflowed, f.moved, f.callbacks, f.missed, seconds(f.mean_wait()),
            seconds(f.longest_wait), seconds(f.talk), seconds(f.held), seconds(f.acw),
            seconds(f.mean_handling()));
    }
    return out;
}

std::string operators_csv(std::span<const OperatorInterval> records) {
    std::string out(operator_columns);
    for (const auto& [id, begin, f] : records) {
        fmt::format_to(std::back_inserter(out),
                       "{},{},{},{},{},{:.1f},{:.1f},{:.1f},{:.1f},{:.1f},{:.1f},{:.3f}\r\n", id,
                       begin_text(begin), f.answered, f.missed, f.rejected, seconds(f.talk), seconds(f.held),
                       seconds(f.acw), seconds(f.ready), seconds(f.aux), seconds(f.at_work), f.occupancy());
    }
    return out;
}

}  // namespace patchbay::acd
