#include "acd/fold.hpp"

#include "acd/distribution.hpp"
#include "acd/line.hpp"
#include "acd/seats.hpp"

namespace patchbay::acd {
namespace {

template <typename Map>
auto value_at(const Map& map, LegId leg) {
    const auto found = map.find(leg);
    return found == map.end() ? typename Map::mapped_type{} : found->second;
}

class Visitor {
  public:
    Visitor(Core& core, const call::Event& event) : core_(core), event_(event) {}

    void operator()(const call::LegStarted& body) const {
        if (!body.facts) return;
        called_back();
        const auto& facts = *body.facts;
        if (facts.operator_id.empty() && facts.queue_id.empty()) return;
        core_.facts[event_.leg] = body.facts;
        // Whom the desk rings by itself it notes by itself, when it knows the leg.
        if (facts.operator_id.empty() || core_.rings) return;
        auto* office = core_.roster.office(facts.domain);
        auto* person = office == nullptr ? nullptr : office->person(facts.operator_id);
        if (person != nullptr) engage(core_, *person, event_.leg, event_.call);
    }
    void operator()(const call::LegChanged& body) const {
        if (!body.facts) return;
        if (!body.facts->queue_id.empty()) core_.facts[event_.leg] = body.facts;
        claimed(*body.facts);
    }
    void operator()(const call::LegConnected&) const {
        if (auto* person = value_at(core_.offers, event_.leg)) return offer_answered(core_, *person);
        core_.sent.erase(event_.leg);
        if (auto* engagement = engaged()) engagement->is_answered = true;
    }
    void operator()(const call::LegHeld&) const {
        if (auto* engagement = engaged()) engagement->is_held = true;
    }
    void operator()(const call::LegRetrieved&) const {
        if (auto* caller = value_at(core_.waiting, event_.leg)) {
            // Taken by a phone that no queue rang: picked up.
            leave_queue(core_, *caller, Leaving::answered, nullptr, {});
        }
        if (auto* engagement = engaged()) engagement->is_held = false;
    }
    void operator()(const call::LegMoved&) const {
        if (auto* engagement = engaged()) engagement->call = event_.call;
    }
    void operator()(const call::LegQueued& body) const {
        enter_queue(core_, event_.leg, event_.call, body.queue);
    }
    void operator()(const call::DtmfPressed& body) const {
        auto* caller = value_at(core_.waiting, event_.leg);
        if (caller == nullptr || caller->number.empty()) return;
        if (caller->queue->settings.callback_digit != std::string(1, body.digit)) return;
        caller->wants_callback = true;
        core_.clear(caller->queue->domain, event_.leg);
    }
    void operator()(const call::CallEnded&) const { core_.callbacks.erase(event_.call); }
    void operator()(const call::LegEnded& body) const {
        if (auto* caller = value_at(core_.waiting, event_.leg)) {
            if (caller->wants_callback) {
                keep_place(core_, *caller);
            } else {
                leave_queue(core_, *caller, Leaving::abandoned, nullptr, {});
            }
        }
        if (auto* person = value_at(core_.offers, event_.leg)) offer_ended(core_, *person, body.cause);
        if (auto* person = value_at(core_.engaged, event_.leg)) release(core_, *person, event_.leg);
        overflow_ended();
        core_.passing.erase(event_.leg);
        core_.facts.erase(event_.leg);
    }
    template <typename Other>
    void operator()(const Other&) const {}

  private:
    // To be changed: what was until now is counted first.
    Engagement* engaged() const {
        auto* person = value_at(core_.engaged, event_.leg);
        if (person == nullptr) return nullptr;
        core_.account(*person);
        for (auto& engagement : person->engaged) {
            if (engagement.leg == event_.leg) return &engagement;
        }
        return nullptr;
    }

    // Whoever logged in at a phone that talks has its call from now on.
    void claimed(const call::LegFacts& facts) const {
        const bool known = core_.engaged.contains(event_.leg) || core_.offers.contains(event_.leg);
        if (facts.operator_id.empty() || core_.rings || known) return;
        auto* office = core_.roster.office(facts.domain);
        auto* person = office == nullptr ? nullptr : office->person(facts.operator_id);
        if (person == nullptr) return;
        engage(core_, *person, event_.leg, event_.call);
        if (event_.state == call::LegState::connected) person->engaged.back().is_answered = true;
    }

    // The second leg of a callback: the operator is there, and whoever wanted the call is rung.
    void called_back() const {
        const auto found = core_.callbacks.find(event_.call);
        if (found == core_.callbacks.end() || found->second == event_.leg) return;
        auto* person = value_at(core_.offers, found->second);
        core_.callbacks.erase(found);
        if (person != nullptr) offer_answered(core_, *person);
    }

    // Where the queue had sent its caller nobody answered.
    void overflow_ended() const {
        const auto found = core_.sent.find(event_.leg);
        if (found == core_.sent.end()) return;
        const auto caller = core_.facts.find(found->second);
        if (caller != core_.facts.end()) core_.clear(caller->second->domain, found->second);
        core_.sent.erase(found);
    }

    Core& core_;
    const call::Event& event_;
};

}  // namespace

void take(Core& core, const call::Event& event) {
    std::visit(Visitor(core, event), event.body);
}

}  // namespace patchbay::acd
