// The switch: commands and facts in, decisions and events out. All call state lives here, on one thread,
// without locks. Pure: no sockets, files, threads or clock of its own, so that it runs whole under the
// simulation.
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/timers.hpp"
#include "call/command.hpp"
#include "call/event.hpp"
#include "call/ports.hpp"
#include "config/config.hpp"

namespace patchbay::call {

/// What the switch works with. All must outlive it.
struct SwitchTools {
    Clock& clock;
    Timers& timers;
    Signalling& signalling;
    Media& media;
    EventSink& events;
    Features* features = nullptr;  ///< none: feature codes lead nowhere
};

/// Not thread-safe: every member on the switch thread. Never calls back into its caller from within
/// SwitchFacts, except through the tools.
class Switch final : public SwitchFacts {
  public:
    Switch(config::ConfigPtr config, SwitchTools tools);
    ~Switch() override;

    /// Carries the command out or refuses it; `reply` is called once before this returns.
    void execute(const Command& command, const Reply& reply);
    /// New calls see the new configuration; calls in progress go on.
    void reload(config::ConfigPtr config);
    /// Draining: no new calls (503), those in progress go on.
    void drain();
    /// Ends every call with that cause.
    void clear_all(const Cause& cause);

    /// Who hears whom in a call, computed anew; empty when there is no such call.
    Hearing hearing_of(CallRef call) const;
    std::size_t calls() const;
    std::size_t legs() const;

    LegId new_leg() override;
    void incoming(LegId leg, const Incoming& call) override;
    void ringing(LegId leg, bool early_media) override;
    void answered(LegId leg) override;
    void redirected(LegId leg, const std::string& to) override;
    void ended(LegId leg, const Cause& cause) override;
    void hold_changed(LegId leg, bool held) override;
    bool refer(LegId leg, const std::string& to, LegId replaces) override;
    void dtmf(LegId leg, char digit) override;
    void recording_failed(LegId leg, Uuid recording, std::string_view reason) override;
    void fax_ended(LegId leg, int pages, std::string_view reason) override;
    void announcement_ended(LegId leg, std::uint32_t announcement) override;
    void media_lost(LegId leg) override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::call
