#include "ecss/talks.hpp"

#include <algorithm>

namespace patchbay::ecss {
namespace {

bool talks(const call::LegView& leg) {
    const bool is_there = leg.state == call::LegState::connected || leg.state == call::LegState::held;
    return is_there && leg.role == call::Role::talker;
}

}  // namespace

bool Talks::has_conference(const Talk& talk) {
    return talk.legs.size() >= 3 && !talk.consults;
}

bool Talks::leave(CallRef call, LegId leg) {
    const auto found = talks_.find(call);
    if (found == talks_.end()) return false;
    const auto before = has_conference(found->second);
    std::erase(found->second.legs, leg);
    return has_conference(found->second) != before;
}

bool Talks::take(const call::Event& event, const call::LegView* leg) {
    if (std::holds_alternative<call::CallEnded>(event.body)) {
        talks_.erase(event.call);
        return false;
    }
    bool changed = false;
    if (const auto* moved = std::get_if<call::LegMoved>(&event.body)) changed = leave(moved->from, event.leg);
    auto& talk = talks_[event.call];
    const auto before = has_conference(talk);
    const auto* begun = std::get_if<call::TransferStarted>(&event.body);
    if (begun != nullptr && begun->attended) talk.consults = event.leg;
    if (std::holds_alternative<call::TransferEnded>(event.body)) talk.consults = {};
    if (leg != nullptr) {
        const auto place = std::ranges::find(talk.legs, event.leg);
        const bool talked = place != talk.legs.end();
        if (talked && !talks(*leg)) talk.legs.erase(place);
        if (!talked && talks(*leg)) talk.legs.push_back(event.leg);
    }
    return changed || has_conference(talk) != before;
}

bool Talks::is_conference(CallRef call) const {
    const auto found = talks_.find(call);
    return found != talks_.end() && has_conference(found->second);
}

bool Talks::consults(CallRef call, LegId leg) const {
    const auto found = talks_.find(call);
    return found != talks_.end() && found->second.consults == leg;
}

std::span<const LegId> Talks::legs(CallRef call) const {
    const auto found = talks_.find(call);
    return found == talks_.end() ? std::span<const LegId>{} : found->second.legs;
}

}  // namespace patchbay::ecss
