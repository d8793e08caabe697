// What is remembered: the journal, the history built from it, and its readers.
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "call/event.hpp"
#include "config/config.hpp"
#include "history/store.hpp"
#include "journal/feed.hpp"

namespace patchbay::app {

/// Opens everything and closes in the journal what a crash left open. Throws std::runtime_error saying what
/// could not be opened.
class Storage {
  public:
    Storage(const config::Config& config, Clock& clock);
    ~Storage();

    call::EventSink& events();
    journal::Feed& feed();
    history::Reader& reader();
    /// The journal takes new work.
    bool writable() const;
    /// The history takes records; while it does not, they wait in the journal.
    bool recording() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::app
