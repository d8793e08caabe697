#include "acd/meters.hpp"

namespace patchbay::acd {
namespace {

constexpr std::array every_leaving{Leaving::answered, Leaving::abandoned, Leaving::overflowed, Leaving::moved,
                                   Leaving::callback};

metrics::Labels labels_of(const std::string& domain, const std::string& queue) {
    return {{"domain", domain}, {"queue", queue}};
}

}  // namespace

QueueMeters::QueueMeters(const std::string& domain, const std::string& queue)
    : waiting_(
          metrics::gauge("patchbay_acd_waiting", "Callers that wait in a queue", labels_of(domain, queue))),
      available_(metrics::gauge("patchbay_acd_available", "Operators of a queue that could take a call",
                                labels_of(domain, queue))),
      wait_(metrics::histogram("patchbay_acd_wait_seconds", "How long callers waited in a queue",
                               {1, 5, 10, 20, 30, 60, 120, 300, 600}, labels_of(domain, queue))) {
    for (const auto how : every_leaving) {
        auto labels = labels_of(domain, queue);
        labels["result"] = word(how);
        left_.at(static_cast<std::size_t>(how)) = &metrics::counter(
            "patchbay_acd_callers_total", "Callers that left a queue, by how their wait ended", labels);
    }
}

void QueueMeters::left(Leaving how, double waited) {
    left_.at(static_cast<std::size_t>(how))->add();
    wait_.observe(waited);
}

void CommandMeters::count(std::string_view dialect, std::string_view command, const std::string& result) {
    auto*& counter = counters_[{dialect, command, result}];
    if (counter == nullptr) {
        counter = &metrics::counter(
            "patchbay_acd_commands_total", "Commands to the desk, by result",
            {{"dialect", std::string(dialect)}, {"command", std::string(command)}, {"result", result}});
    }
    counter->add();
}

}  // namespace patchbay::acd
