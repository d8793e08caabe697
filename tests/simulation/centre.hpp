// A call centre for a simulated week: callers come at random, wait, talk and hang up; operators answer, miss,
// take breaks. The real switch and desk on a virtual clock, phones that act by chance from one seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "acd/desk.hpp"
#include "call/switch.hpp"
#include "checks.hpp"
#include "world.hpp"

namespace patchbay::simulation {

/// How the people behave. Times are means of exponential distributions unless said otherwise.
struct Habits {
    int operators = 100;
    int queues = 10;
    int queues_of_operator = 2;
    double calls_an_hour = 5000;
    Milliseconds talk{50'000};
    Milliseconds patience{60'000};           ///< zero: callers never give up
    Milliseconds longest_answer{3'000};      ///< operators answer within, evenly; zero: at once
    double missed = 0.01, rejected = 0.01;   ///< share of agent offers
    Milliseconds between_breaks{7'200'000};  ///< zero: none
    Seconds wrap_up{5};
    /// Each queue by another strategy, with priorities and locks for missed calls; else all longest_idle.
    bool varied = true;
};

class Centre {
  public:
    Centre(std::uint64_t seed, const Habits& habits);

    /// Lets that much time pass, checking everything each minute.
    void work(Milliseconds time);
    /// No more callers; all go home. Checks that nothing is left.
    void close();

    const Breach& breach() const { return breach_; }
    /// All queues together.
    acd::QueueFigures figures();
    std::uint64_t callers() const { return callers_; }
    Time now() { return clock_.now(); }

  private:
    // SIP and media: phones that answer by chance.
    class Phones final : public call::Signalling {
      public:
        explicit Phones(Centre& centre) : centre_(centre) {}
        void ring(LegId leg, const call::Dial&) override { centre_.phone_rings(leg); }
        void progress(LegId, bool, LegId) override {}
        void answer(LegId, LegId) override {}
        void renegotiate(LegId, LegId, bool) override {}
        void refer_progress(LegId, int) override {}
        void send_dtmf(LegId, char) override {}
        bool pick_up(LegId) override { return false; }
        void end(LegId leg, const call::Cause&) override { centre_.phone_ends(leg); }
        bool reachable(const std::string&, const std::string&) override { return true; }

      private:
        Centre& centre_;
    };
    class Ports final : public call::Media {
      public:
        bool open(LegId) override { return ++open_ports > 0; }
        void hear(const call::Hearing&) override {}
        void close(LegId) override { --open_ports; }
        std::int64_t open_ports = 0;
    };
    // Tells the desk of the switch's events, and counts what both must agree on.
    class Events final : public call::EventSink {
      public:
        explicit Events(Centre& centre) : centre_(centre) {}
        void publish(call::Event event) override;

      private:
        Centre& centre_;
    };

    static config::ConfigPtr config_of(std::uint64_t seed, const Habits& habits);
    double chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }
    Milliseconds exponential(Milliseconds mean);
    void next_caller();
    void call_in();
    void log_in_all();
    void plan_break(int person);
    void phone_rings(LegId leg);
    void phone_acts(LegId leg);
    void phone_ends(LegId leg) { alive_.erase(leg); }
    void hang_up(LegId leg);
    acd::Outcome ask(acd::Action action);
    void run_until(Ticks end);
    void check();

    const Habits habits_;
    std::mt19937_64 random_;
    Breach breach_;
    VirtualClock clock_;
    Timers timers_{clock_};
    Phones phones_{*this};
    Ports ports_;
    Events events_{*this};
    config::ConfigPtr config_;
    acd::Desk desk_;
    call::Switch switch_;
    std::unordered_map<LegId, call::LegState> alive_;  ///< phones as SIP has them
    bool is_open_ = true;
    std::uint64_t callers_ = 0;
};

}  // namespace patchbay::simulation
