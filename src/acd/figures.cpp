#include "acd/figures.hpp"

#include <algorithm>

namespace patchbay::acd {
namespace {

double share(double part, double whole) {
    return whole <= 0 ? 0 : part / whole;
}

Milliseconds mean(Milliseconds sum, std::uint64_t count) {
    return count == 0 ? Milliseconds{0} : sum / static_cast<std::int64_t>(count);
}

}  // namespace

double QueueFigures::service_level() const {
    const auto all = answered + abandoned + overflowed;
    return all == 0 ? 1 : static_cast<double>(answered_in_time) / static_cast<double>(all);
}

Milliseconds QueueFigures::mean_wait() const {
    return mean(waited, answered);
}

Milliseconds QueueFigures::mean_handling() const {
    return mean(talk + held + acw, answered);
}

void QueueFigures::add(const QueueFigures& other) {
    entered += other.entered;
    answered += other.answered;
    answered_in_time += other.answered_in_time;
    abandoned += other.abandoned;
    abandoned_short += other.abandoned_short;
    overflowed += other.overflowed;
    moved += other.moved;
    callbacks += other.callbacks;
    missed += other.missed;
    waited += other.waited;
    longest_wait = std::max(longest_wait, other.longest_wait);
    talk += other.talk;
    held += other.held;
    acw += other.acw;
}

double OperatorFigures::occupancy() const {
    const auto busy = talk + held + acw;
    return share(static_cast<double>(busy.count()), static_cast<double>((at_work - aux).count()));
}

void OperatorFigures::add(const OperatorFigures& other) {
    answered += other.answered;
    missed += other.missed;
    rejected += other.rejected;
    talk += other.talk;
    held += other.held;
    acw += other.acw;
    ready += other.ready;
    aux += other.aux;
    at_work += other.at_work;
}

}  // namespace patchbay::acd
