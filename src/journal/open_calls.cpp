#include "journal/open_calls.hpp"

#include <algorithm>

namespace patchbay::journal {

void OpenCalls::apply(const call::Event& event) {
    set_newest(event.offset, event.at);
    if (std::holds_alternative<call::CallEnded>(event.body)) {
        calls_.erase(event.call);
        return;
    }
    auto [known_call, is_new] = calls_.try_emplace(event.call, OpenCall{event.sequence, event.offset});
    if (!is_new) known_call->second.sequence = event.sequence;
    if (std::holds_alternative<call::LegStarted>(event.body)) {
        legs_.try_emplace(event.leg, OpenLeg{event.call, event.offset, event.at});
    } else if (std::holds_alternative<call::LegMoved>(event.body)) {
        if (const auto leg = legs_.find(event.leg); leg != legs_.end()) leg->second.call = event.call;
    } else if (std::holds_alternative<call::LegEnded>(event.body)) {
        legs_.erase(event.leg);
    }
}

void OpenCalls::set_newest(std::uint64_t offset, Time at) {
    newest_ = std::max(newest_, offset);
    newest_at_ = std::max(newest_at_, at);
}

std::optional<std::uint64_t> OpenCalls::oldest_needed() const {
    std::optional<std::uint64_t> oldest;
    const auto take = [&](std::uint64_t offset) { oldest = std::min(oldest.value_or(offset), offset); };
    for (const auto& [id, leg] : legs_) take(leg.first_offset);
    for (const auto& [ref, open] : calls_) take(open.first_offset);
    return oldest;
}

}  // namespace patchbay::journal
