#include "app/storage.hpp"

#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "history/history.hpp"
#include "history/readers.hpp"
#include "history/retention.hpp"
#include "history/store.hpp"
#include "journal/journal.hpp"
#include "journal/recovery.hpp"

namespace patchbay::app {

struct Storage::State {
    explicit State(const config::Config& config)
        : journal(journal::options_of(config)),
          claim(history::claim_store(config.storage.url)),
          store(history::open_store(config.storage.url, config.node.name)),
          history(*store, journal, {.set_aside = config.node.data + "/history-refused.jsonl"}),
          readers(*store),
          retention(*store, clock, {.keep = config.storage.history_retention}) {}

    journal::Journal journal;
    Descriptor claim;
    std::unique_ptr<history::Store> store;
    history::History history;
    history::Readers readers;
    SystemClock clock;
    history::Retention retention;
};

Storage::Storage(const config::Config& config, Clock& clock) : state_(std::make_unique<State>(config)) {
    const auto closed = journal::recover(state_->journal, clock);
    if (closed.calls > 0) {
        log::warning("app", "the last run did not end in order: {} calls with {} legs closed", closed.calls,
                     closed.legs);
    }
}

Storage::~Storage() = default;

call::EventSink& Storage::events() {
    return state_->journal;
}
journal::Feed& Storage::feed() {
    return state_->journal;
}
history::Reader& Storage::reader() {
    return state_->readers;
}
bool Storage::writable() const {
    return !state_->journal.full();
}

bool Storage::recording() const {
    return state_->history.keeping_up();
}

}  // namespace patchbay::app
