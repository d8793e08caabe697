// The whole server: makes the rooms, joins them, runs until it is told to end.
#pragma once

#include <memory>
#include <string>

#include "config/config.hpp"

namespace patchbay::app {

class Server {
  public:
    /// Opens the journal and the history, closes what a crash left open, binds every port. `file` is read
    /// again on SIGHUP. Throws std::runtime_error saying what could not be had.
    Server(const config::ConfigPtr& config, std::string file);
    ~Server();

    /// Serves on this thread, the switch thread, until SIGTERM or SIGINT: then no new calls are taken, and it
    /// returns when the last call has ended or node.drain_timeout is over. A second signal ends it at once.
    void run();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::app
