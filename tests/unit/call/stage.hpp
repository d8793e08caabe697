// A switch on a stage: a virtual clock, phones and media that only remember what they were told, and a domain
// of a few numbers. Tests are told as stories on it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/log.hpp"
#include "call/cause.hpp"
#include "call/switch.hpp"

namespace patchbay::call::test {

class VirtualClock final : public Clock {
  public:
    Time now() override { return start_ + ticks_; }
    Ticks ticks() override { return ticks_; }
    void pass(Milliseconds time) { ticks_ += time; }

  private:
    Ticks ticks_{1000};
    Time start_{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
};

/// Remembers what became of each leg, and the order of it all.
class Phones final : public Signalling {
  public:
    struct Told {
        bool rung = false, answered = false, ended = false;
        int progress = 0;
        bool early_media = false;
        LegId like, brought_to;
        bool asked_back = false, asked_to_answer = false;
        std::vector<int> refer_progress;
        std::string digits;
        bool t38 = false;
        Dial dial;
        Cause cause;
    };

    void ring(LegId leg, const Dial& dial) override {
        told[leg].rung = true;
        told[leg].dial = dial;
        rung.push_back(leg);
    }
    void progress(LegId leg, bool early_media, LegId) override {
        ++told[leg].progress;
        told[leg].early_media = early_media;
    }
    void answer(LegId leg, LegId like) override {
        EXPECT_FALSE(told[leg].answered) << "answered twice";
        told[leg].answered = true;
        told[leg].like = like;
    }
    void renegotiate(LegId leg, LegId like, bool retrieve) override {
        told[leg].brought_to = like;
        told[leg].asked_back = told[leg].asked_back || retrieve;
    }
    void refer_progress(LegId leg, int status) override { told[leg].refer_progress.push_back(status); }
    bool pick_up(LegId leg) override {
        told[leg].asked_to_answer = can_pick_up;
        return can_pick_up;
    }
    void send_dtmf(LegId leg, char digit) override { told[leg].digits.push_back(digit); }
    void expect_fax(LegId leg, bool t38) override { told[leg].t38 = t38; }
    void end(LegId leg, const Cause& cause) override {
        EXPECT_FALSE(told[leg].ended) << "ended twice";
        told[leg].ended = true;
        told[leg].cause = cause;
    }
    bool reachable(const std::string&, const std::string& number) override {
        return !unregistered.contains(number);
    }

    std::map<LegId, Told> told;
    std::vector<LegId> rung;
    std::map<std::string, bool> unregistered;
    bool can_pick_up = true;
};

/// Remembers what each open port hears.
class Ears final : public Media {
  public:
    bool open(LegId leg) override {
        if (ports_left == 0) return false;
        --ports_left;
        EXPECT_TRUE(hears.emplace(leg, std::vector<Source>{}).second);
        return true;
    }
    void hear(const Hearing& rows) override {
        ++edits;
        for (const auto& row : rows) {
            EXPECT_TRUE(hears.contains(row.ear)) << "a row for a leg without a port";
            hears[row.ear] = row.sources;
        }
    }
    void close(LegId leg) override {
        EXPECT_EQ(hears.erase(leg), 1U) << "closed what was not open";
        ++ports_left;
    }

    Uuid record(LegId leg, const RecordingOrder& order) override {
        EXPECT_TRUE(hears.contains(leg));
        if (recordings_left == 0) return {};
        orders[leg] = order;
        recorded[leg] = RecordingState::recording;
        return {7, leg.value};
    }
    void change_recording(LegId leg, RecordingState state) override { recorded[leg] = state; }

    Uuid receive_fax(LegId leg, const FaxOrder& order) override {
        EXPECT_TRUE(hears.contains(leg));
        if (ports_left == 0) return {};
        faxes[leg] = order;
        return {8, leg.value};
    }
    void end_fax(LegId leg) override { fax_ends.push_back(leg); }

    std::map<LegId, std::vector<Source>> hears;
    std::map<LegId, FaxOrder> faxes;
    std::vector<LegId> fax_ends;
    std::map<LegId, RecordingState> recorded;
    std::map<LegId, RecordingOrder> orders;
    int recordings_left = 100;
    int ports_left = 100;
    int edits = 0;
};

class Events final : public EventSink {
  public:
    void publish(Event event) override { all.push_back(std::move(event)); }
    std::vector<Event> all;
};

config::ConfigPtr small_domain();

/// The fixture. Legs are named as in the commands' table: a customer, an operator, and numbers rung besides.
class Stage : public ::testing::Test {
  protected:
    Stage() { log::set_level(log::Level::error); }

    /// The newest leg that was rung.
    LegId last_rung() const { return phones.rung.empty() ? LegId{} : phones.rung.back(); }
    /// `from` dials `to`; the leg of the caller.
    LegId dial(const std::string& from, const std::string& to, const std::string& trunk = {});
    struct Pair {
        LegId a, b;
    };
    /// A call that talks.
    Pair talk(const std::string& from = "101", const std::string& to = "102");
    /// An answered call from outside to 102.
    Pair customer_talks();

    Result<Outcome> ask(Action action, Scope scope = {"demo.local", "", ""});
    /// Expects the command to be accepted.
    Outcome done(Action action);
    /// The code of a refusal; "" when accepted.
    std::string refused(Action action, Scope scope = {"demo.local", "", ""});
    void pass(Seconds time);

    bool lives(LegId leg);
    LegView find(LegId leg);
    LegState state(LegId leg) { return find(leg).state; }
    std::vector<Source> hears(LegId leg) const;

    /// Every event of that kind on that leg.
    template <typename Body>
    std::vector<Body> told(LegId leg) const {
        std::vector<Body> found;
        for (const auto& event : events.all) {
            if (event.leg == leg && std::holds_alternative<Body>(event.body)) {
                found.push_back(std::get<Body>(event.body));
            }
        }
        return found;
    }
    /// The slug with which a leg ended; "" while it lives.
    std::string end_of(LegId leg) const {
        const auto ends = told<LegEnded>(leg);
        return ends.empty() ? std::string() : std::string(ends.front().cause.slug);
    }
    /// Everything is gone: legs, calls, ports, timers.
    void expect_nothing_left();

    VirtualClock clock;
    Timers timers{clock};
    Phones phones;
    Ears ears;
    Events events;
    config::ConfigPtr config = small_domain();
    Switch sw{config, {clock, timers, phones, ears, events}};
};

using Sources = std::vector<Source>;

}  // namespace patchbay::call::test
