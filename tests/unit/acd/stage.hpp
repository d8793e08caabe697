// A desk on a stage: a real switch with phones and media that only remember, a virtual clock, one domain with
// operators 101 to 105 and a customer's trunk. Tests are told as stories on it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "acd/desk.hpp"
#include "unit/call/stage.hpp"

namespace patchbay::acd::test {

/// The domain; stories change it before they begin.
config::Domain office_domain();
/// It alone, with sounds for announcements: what is said before numbers and after, and the digits.
config::ConfigPtr config_of(const config::Domain& domain);

/// Remembers what it was told.
class Notes final : public Listener {
  public:
    void snapshot(const Snapshot& seen) override { snapshots.push_back(seen); }
    void event(const Event& event) override { events.push_back(event); }

    template <typename Body>
    std::vector<Body> of() const {
        std::vector<Body> found;
        for (const auto& event : events) {
            if (const auto* body = std::get_if<Body>(&event.body)) found.push_back(*body);
        }
        return found;
    }
    std::vector<Snapshot> snapshots;
    std::vector<Event> events;
};

/// The switch's events on their way: remembered first, as the journal would, then told to the desk.
class Tee final : public call::EventSink {
  public:
    void publish(call::Event event) override {
        all.push_back(event);
        if (desk != nullptr) desk->publish(std::move(event));
    }
    std::vector<call::Event> all;
    Desk* desk = nullptr;
};

class Scene {
  public:
    explicit Scene(config::Domain domain = office_domain());

    /// A customer calls the queue of that number.
    LegId customer(const std::string& number = "600", const std::string& from = "+79130000001");
    LegId dial(const std::string& from, const std::string& to);
    Result<Outcome> ask(Action action);
    Outcome done(Action action);
    /// The code of the refusal; "" when accepted.
    std::string refused(Action action);
    void log_in(const std::vector<std::string>& numbers);
    OperatorView person(const std::string& id);
    OperatorState state(const std::string& id) { return person(id).state; }
    QueueView queue(const std::string& id = "sales");
    /// The live leg that rings at that number; none when it does not ring.
    LegId rings(const std::string& number);
    /// Every number that rings, in the order in which they began to.
    std::vector<std::string> ringing();
    void answer(const std::string& number);
    void hang_up(LegId leg);
    void refuse_call(const std::string& number);
    std::vector<call::LegView> legs();
    /// Time passes; whatever is due happens.
    void pass(Milliseconds time);
    void settle() { pass(Milliseconds{0}); }

    call::test::VirtualClock clock;
    Timers timers{clock};
    call::test::Phones phones;
    call::test::Ears ears;
    Tee tee;
    Desk desk;
    call::Switch calls;
    std::shared_ptr<Notes> notes = std::make_shared<Notes>();
};

}  // namespace patchbay::acd::test
