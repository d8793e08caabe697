#include "sip/core.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "sip/common_headers.hpp"
#include "sip/leg.hpp"
#include "sip/loop.hpp"

namespace patchbay::sip {

namespace {

std::vector<media::Codec> codecs_of(const config::Media& settings) {
    std::vector<media::Codec> codecs;
    for (const auto& name : settings.codecs) {
        if (const auto codec = media::codec_named(name)) codecs.push_back(*codec);
    }
    if (codecs.empty()) codecs = {media::Codec::pcma, media::Codec::pcmu};
    return codecs;
}

/// Tags and Call-IDs are not to be guessed from earlier ones' seed: the whole state is seeded.
std::mt19937_64 seeded() {
    std::random_device device;
    std::array<std::uint32_t, 32> words{};
    std::ranges::generate(words, [&] { return device(); });
    std::seed_seq seed(words.begin(), words.end());
    return std::mt19937_64(seed);
}

}  // namespace

Core::Core(config::ConfigPtr settings, Loop& loop, Clock& the_clock, Timers& the_timers, LegMedia doors)
    : config(std::move(settings)),
      clock(the_clock),
      timers(the_timers),
      media(std::move(doors)),
      agent(loop, config->sip),
      common(std::make_unique<CommonHeaders>()),
      location(clock, timers),
      trunks(agent, timers),
      chance(seeded()),
      codecs_(codecs_of(config->media)),
      sessions_(static_cast<std::uint64_t>(clock.now().time_since_epoch().count())) {}

Core::~Core() {
    // Legs let go of their Sofia objects while the agent still stands.
    legs.clear();
    retired.clear();
    dead_.clear();
}

Leg* Core::leg(LegId id) const {
    const auto found = legs.find(id);
    return found == legs.end() ? nullptr : found->second.get();
}

Leg& Core::add(std::unique_ptr<Leg> leg) {
    const auto id = leg->id();
    return *(legs[id] = std::move(leg));
}

void Core::retire(Leg& leg) {
    const auto found = legs.find(leg.id());
    if (found == legs.end() || found->second.get() != &leg) return;
    retired[&leg] = std::move(found->second);
    legs.erase(found);
}

void Core::bury(Leg& leg) {
    const auto found = retired.find(&leg);
    if (found == retired.end()) return;
    if (dead_.empty()) {
        soon([this] { dead_.clear(); });
    }
    dead_.push_back(std::move(found->second));
    retired.erase(found);
}

void Core::soon(std::function<void()> action) {
    timers.after(Milliseconds{0}, std::move(action));
}

std::string Core::new_token() {
    return hex16(chance());
}

OfferAnswer Core::new_exchange(const MediaTerms& security) {
    return {codecs_, ++sessions_, config->media.ptime, security};
}

MediaTerms Core::media_terms(std::string_view transport, const std::string& domain, const std::string& trunk,
                             std::string_view number) const {
    std::optional<config::Srtp> own;
    config::Dtmf dtmf = config::Dtmf::automatic;
    int gain = 0;
    if (const auto* found = config->domain(domain); found != nullptr) {
        if (trunk.empty()) {
            if (const auto* extension = found->extension(number)) {
                own = extension->srtp;
                dtmf = extension->dtmf;
                gain = extension->gain;
            }
        } else if (const auto* known = found->trunk(trunk)) {
            own = known->srtp;
            dtmf = known->dtmf;
            gain = known->gain;
        }
    }
    const bool encrypted = transport == "tls" || transport == "wss";
    return {.srtp = own.value_or(config->media.srtp),
            .sdes = encrypted || config->media.sdes_without_tls,
            .browser = transport == "ws" || transport == "wss",
            .fingerprint = media.fingerprint,
            .dtmf = dtmf,
            .gain = gain};
}

std::vector<media::Codec> Core::usable_by(LegId like) const {
    const auto* other = leg(like);
    return other == nullptr ? std::vector<media::Codec>{} : other->usable();
}

bool Core::knows_noise(LegId like) const {
    const auto* other = leg(like);
    return other != nullptr && other->knows_noise();
}

ReplacedLeg Core::replaced_leg(const std::string& replaces) const {
    su_home_t home[1] = {SU_HOME_INIT(home)};
    const auto* header = sip_replaces_make(home, replaces.c_str());
    ReplacedLeg result;
    if (header != nullptr && header->rp_call_id != nullptr && header->rp_to_tag != nullptr &&
        header->rp_from_tag != nullptr) {
        if (auto* dialog = Dialog::find(agent.nta(), header); dialog != nullptr) {
            auto& found = dialog->leg();
            if (leg(found.id()) == &found) result.leg = &found;
        }
        result.early_only = header->rp_early_only != 0;
    }
    su_home_deinit(home);
    return result;
}

}  // namespace patchbay::sip
