// Everything over HTTP: both dialects, metrics and health on one port.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "acd/gateway.hpp"
#include "app/current_config.hpp"
#include "app/storage.hpp"
#include "call/command.hpp"

namespace patchbay::sip {
class Bridge;
}

namespace patchbay::app {

enum class Readiness : std::uint8_t { starting, serving, draining };

class Interfaces {
  public:
    /// `readiness` is asked on HTTP threads. Throws std::runtime_error when a schema is broken.
    Interfaces(const CurrentConfig& config, call::Gateway& gateway, acd::Gateway& desk, Storage& storage,
               sip::Bridge& bridge, std::function<Readiness()> readiness);
    ~Interfaces();

    /// Listens. Throws std::runtime_error when it cannot.
    void start();
    void stop();
    /// What a reload changes here: the TLS certificate of new connections.
    void reload(const config::Config& config);
    std::uint16_t port() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace patchbay::app
