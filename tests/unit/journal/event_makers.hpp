// Makes the events of calls, as the switch would publish them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "call/cause.hpp"
#include "call/event.hpp"

namespace patchbay::testing {

inline Time at(std::int64_t milliseconds) {
    return Time{Milliseconds{1'700'000'000'000 + milliseconds}};
}

inline std::shared_ptr<call::LegFacts> facts(const std::string& number, call::Direction direction,
                                             const std::string& remote) {
    auto made = std::make_shared<call::LegFacts>();
    made->domain = "demo.local";
    made->number = number;
    made->display_name = "Party " + number;
    made->operator_id = number;
    made->group = "sales";
    made->direction = direction;
    made->called_number = direction == call::Direction::out ? remote : number;
    made->remote_number = remote;
    made->remote_display_name = "Party " + remote;
    return made;
}

/// Numbers the events of calls as they are added.
class Story {
  public:
    std::vector<call::Event> events;

    Story& add(std::int64_t ms, CallRef ref, LegId leg, call::LegState state, call::EventBody body) {
        call::Event event;
        event.sequence = ++sequences_[ref];
        event.at = at(ms);
        event.call = ref;
        event.leg = leg;
        event.state = state;
        event.body = std::move(body);
        events.push_back(std::move(event));
        return *this;
    }

    /// A whole answered call of ten events from 101 to 102, hung up by the caller.
    Story& call(std::int64_t ms, std::uint64_t n) {
        begin(ms, n);
        const CallRef ref{n};
        const LegId a{2 * n}, b{2 * n + 1};
        auto passed = call::passed_on(call::causes::hung_up);
        add(ms + 9000, ref, a, call::LegState::ended, call::LegEnded{call::causes::hung_up});
        add(ms + 9000, ref, b, call::LegState::ended, call::LegEnded{passed});
        add(ms + 9000, ref, {}, call::LegState::idle, call::CallEnded{call::causes::hung_up});
        return *this;
    }

    /// Its first seven events: it is answered and open.
    Story& begin(std::int64_t ms, std::uint64_t n) {
        using enum call::LegState;
        const CallRef ref{n};
        const LegId a{2 * n}, b{2 * n + 1};
        add(ms, ref, a, initiating, call::LegStarted{facts("101", call::Direction::out, "102"), {}, {}});
        add(ms, ref, b, initiating, call::LegStarted{facts("102", call::Direction::in, "101"), {}, {}});
        add(ms + 100, ref, b, alerting, call::LegAlerting{});
        add(ms + 100, ref, a, alerting, call::LegAlerting{});
        add(ms + 3000, ref, b, connected, call::LegConnected{});
        add(ms + 3000, ref, a, connected, call::LegConnected{});
        add(ms + 5000, ref, a, connected, call::DtmfPressed{'5'});
        return *this;
    }

  private:
    std::map<CallRef, std::uint32_t> sequences_;
};

/// Gives a whole story to a journal.
template <typename Journal>
void publish(Journal& journal, const Story& story) {
    for (const auto& event : story.events) journal.publish(event);
}

}  // namespace patchbay::testing
