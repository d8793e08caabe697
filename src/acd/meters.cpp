#include "acd/meters.hpp"

namespace patchbay::acd {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint64_t QueueFigures::*>, 6> results{{
    {"answered", &QueueFigures::answered},
    {"abandoned", &QueueFigures::abandoned},
    {"abandoned_short", &QueueFigures::abandoned_short},
    {"overflowed", &QueueFigures::overflowed},
    {"moved", &QueueFigures::moved},
    {"callback", &QueueFigures::callbacks},
}};

double seconds(Milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

metrics::Labels labels_of(const std::string& domain, const std::string& queue) {
    return {{"domain", domain}, {"queue", queue}};
}

}  // namespace

QueueMeters::QueueMeters(const std::string& domain, const std::string& queue)
    : waiting_(
          metrics::gauge("patchbay_acd_waiting", "Callers that wait in a queue", labels_of(domain, queue))),
      longest_wait_(metrics::gauge("patchbay_acd_longest_wait_seconds",
                                   "How long the first caller in a queue has waited until now",
                                   labels_of(domain, queue))),
      available_(metrics::gauge("patchbay_acd_available", "Operators of a queue that could take a call",
                                labels_of(domain, queue))),
      wait_(metrics::histogram("patchbay_acd_wait_seconds", "How long callers waited in a queue",
                               {1, 5, 10, 20, 30, 60, 120, 300, 600}, labels_of(domain, queue))),
      in_time_(metrics::counter("patchbay_acd_answered_in_time_total",
                                "Callers answered within the queue's service level",
                                labels_of(domain, queue))) {
    auto labels = labels_of(domain, queue);
    for (std::size_t i = 0; i < results.size(); ++i) {
        labels["result"] = results.at(i).first;
        left_.at(i) = &metrics::counter("patchbay_acd_callers_total",
                                        "Callers that left a queue, by how their wait ended", labels);
    }
    labels.erase("result");
    for (const auto what : {Handling::talk, Handling::hold, Handling::acw}) {
        labels["what"] = word(what);
        handled_.at(static_cast<std::size_t>(what)) = &metrics::counter(
            "patchbay_acd_handling_seconds_total", "Operators' time for a queue's calls", labels);
    }
}

void QueueMeters::longest_wait(Milliseconds time) {
    longest_wait_.set(seconds(time));
}

void QueueMeters::left(const QueueFigures& figures, Milliseconds waited) {
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (figures.*results.at(i).second > 0) left_.at(i)->add();
    }
    if (figures.answered_in_time > 0) in_time_.add();
    wait_.observe(seconds(waited));
}

void QueueMeters::handled(Handling what, Milliseconds time) {
    handled_.at(static_cast<std::size_t>(what))->add(seconds(time));
}

void OperatorMeters::spent(OperatorState state, Milliseconds time) {
    auto*& counter = spent_.at(static_cast<std::size_t>(state));
    if (counter == nullptr) {
        counter = &metrics::counter(
            "patchbay_acd_operator_seconds_total", "Operators' time at work, by state",
            {{"domain", domain_}, {"operator", operator_id_}, {"state", std::string(word(state))}});
    }
    counter->add(seconds(time));
}

void OperatorMeters::handled(Handling what, Milliseconds time) {
    auto*& counter = handled_.at(static_cast<std::size_t>(what));
    if (counter == nullptr) {
        counter = &metrics::counter(
            "patchbay_acd_operator_handling_seconds_total", "Operators' time for calls",
            {{"domain", domain_}, {"operator", operator_id_}, {"what", std::string(word(what))}});
    }
    counter->add(seconds(time));
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
