// The configuration that is in force, for all threads.
#pragma once

#include <memory>
#include <mutex>

#include "config/config.hpp"

namespace patchbay::app {

/// Thread-safe. A reload sets a new one; whoever holds the old one keeps it alive.
class CurrentConfig {
  public:
    explicit CurrentConfig(config::ConfigPtr config) : config_(std::move(config)) {}

    config::ConfigPtr get() const {
        const std::scoped_lock lock(mutex_);
        return config_;
    }
    void set(config::ConfigPtr config) {
        const std::scoped_lock lock(mutex_);
        config_ = std::move(config);
    }

  private:
    mutable std::mutex mutex_;
    config::ConfigPtr config_;
};

}  // namespace patchbay::app
