// After a crash: closes what was left open, so that each call of the journal has its end and each leg its
// CDR.
#pragma once

#include <cstddef>

#include "base/clock.hpp"
#include "journal/journal.hpp"

namespace patchbay::journal {

struct Recovered {
    std::size_t legs = 0, calls = 0;
};

/// Publishes LegEnded for each leg and CallEnded for each call that was open when the journal was opened,
/// with cause `restarted`. They ended when the journal last knew them alive: at the time of its newest event,
/// but not after now and not before the leg's own start. Call once, before anything else is published.
Recovered recover(Journal& journal, Clock& clock);

}  // namespace patchbay::journal
