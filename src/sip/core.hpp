// What the legs of one Stack share. For .cpp files of this room alone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/timers.hpp"
#include "call/ports.hpp"
#include "config/config.hpp"
#include "media/format.hpp"
#include "sip/agent.hpp"
#include "sip/location.hpp"
#include "sip/meters.hpp"
#include "sip/offer_answer.hpp"
#include "sip/stack.hpp"
#include "sip/trunks.hpp"

namespace patchbay::sip {

class Leg;
struct CommonHeaders;

/// What a Replaces header names.
struct ReplacedLeg {
    Leg* leg = nullptr;  ///< none: no dialog of ours
    bool early_only = false;
};

/// Owns the legs. A leg is reached by its id until it ends; then it finishes its dialogs out of sight, and is
/// destroyed between two messages, never under its own feet.
struct Core {
    Core(config::ConfigPtr config, Loop& loop, Clock& clock, Timers& timers, LegMedia media);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    /// The leg of that id; none when it is stale.
    Leg* leg(LegId id) const;
    Leg& add(std::unique_ptr<Leg> leg);
    /// Its id is stale from now on.
    void retire(Leg& leg);
    /// It has nothing left to do.
    void bury(Leg& leg);

    /// Runs the action when the loop comes round next.
    void soon(std::function<void()> action);
    /// 64 random bits as text: tags, Call-IDs.
    std::string new_token();
    OfferAnswer new_exchange(const MediaTerms& security);
    /// What is done about encryption and digits with that trunk, or without one that extension, reached over
    /// that transport: its own setting, or that for all.
    MediaTerms media_terms(std::string_view transport, const std::string& domain, const std::string& trunk,
                           std::string_view number) const;
    /// The codecs that leg uses or can use, best first.
    std::vector<media::Codec> usable_by(LegId like) const;
    /// That leg's other side has named comfort noise.
    bool knows_noise(LegId like) const;

    /// The leg whose dialog that header's value names (RFC 3891).
    ReplacedLeg replaced_leg(const std::string& replaces) const;

    config::ConfigPtr config;
    Clock& clock;
    Timers& timers;
    LegMedia media;
    Agent agent;
    Meters meters;
    std::unique_ptr<CommonHeaders> common;
    Location location;
    Trunks trunks;
    call::SwitchFacts* facts = nullptr;
    std::mt19937_64 chance;
    std::unordered_map<LegId, std::unique_ptr<Leg>> legs;
    std::unordered_map<const Leg*, std::unique_ptr<Leg>> retired;

  private:
    std::vector<std::unique_ptr<Leg>> dead_;
    std::vector<media::Codec> codecs_;
    std::uint64_t sessions_ = 0;
};

}  // namespace patchbay::sip
