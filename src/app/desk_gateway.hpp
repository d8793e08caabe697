// The way into the switch thread for commands to the desk, and for those who listen to it.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "acd/desk.hpp"
#include "acd/gateway.hpp"
#include "app/carrier.hpp"
#include "observe/hep_reports.hpp"

namespace patchbay::app {

/// submit() and subscribe(): any thread. descriptor() and run(): the switch thread.
class DeskGateway final : public acd::Gateway {
  public:
    /// `capacity`: commands that may wait; more are refused as `overloaded`.
    explicit DeskGateway(std::size_t capacity) : carrier_(capacity) {}

    void submit(acd::Command command, acd::Reply reply) override {
        carrier_.submit(std::move(command), std::move(reply));
    }
    void subscribe(std::string domain, std::uint64_t after, std::weak_ptr<acd::Listener> listener) override {
        carrier_.tell(Subscription{std::move(domain), after, std::move(listener)});
    }

    int descriptor() const { return carrier_.descriptor(); }
    /// Hands everything that waits to the desk.
    void run(acd::Desk& desk);

  private:
    struct Subscription {
        std::string domain;
        std::uint64_t after = 0;
        std::weak_ptr<acd::Listener> listener;
    };

    using Commands = Carrier<acd::Command, acd::Reply, Subscription>;
    Commands carrier_;
};

/// The switch's events on their way: to the journal first, then to the capture server and the desk.
class EventTee final : public call::EventSink {
  public:
    EventTee(call::EventSink& journal, const observe::HepReports& hep, acd::Desk& desk)
        : journal_(journal), hep_(hep), desk_(desk) {}
    void publish(call::Event event) override {
        journal_.publish(event);
        hep_.take(event);
        desk_.publish(std::move(event));
    }

  private:
    call::EventSink& journal_;
    const observe::HepReports& hep_;
    acd::Desk& desk_;
};

}  // namespace patchbay::app
