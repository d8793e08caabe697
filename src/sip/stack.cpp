#include "sip/stack.hpp"

#include "media/engine.hpp"
#include "sip/bridge.hpp"
#include "sip/common_headers.hpp"
#include "sip/core.hpp"
#include "sip/digest.hpp"
#include "sip/gate.hpp"
#include "sip/leg.hpp"
#include "sip/load.hpp"
#include "sip/location_file.hpp"
#include "sip/loop.hpp"
#include "sip/registrar.hpp"
#include "sip/stray.hpp"

namespace patchbay::sip {

namespace {

constexpr Seconds between_samples{1};

LegMedia doors_of(media::Engine& engine) {
    return {[&engine](LegId leg) { return engine.local(leg); },
            [&engine](LegId leg, const media::Remote& remote) { engine.connect(leg, remote); },
            [&engine](LegId leg, char digit) { engine.press(leg, digit); }, engine.fingerprint()};
}

}  // namespace

struct Stack::State {
    State(config::ConfigPtr config, Loop& loop, Clock& clock, Timers& timers, LegMedia media)
        : core(std::move(config), loop, clock, timers, std::move(media)),
          digest(clock),
          bindings(core.location, core.timers, core.config->node.data + "/bindings"),
          load(core),
          registrar(core.agent, core.location, digest, clock),
          gate(core, digest, load) {
        digest.offer(digest_algorithms(core.config->sip.digest));
        registrar.set_config(core.config);
        core.trunks.set_config(core.config);
        core.agent.on_request("OPTIONS", [this](Request& request) { answer_options(request); });
        core.agent.bridge().on_end([this](const Flow& flow) { core.location.drop_flow(flow); });
        core.agent.on_first_look([this](msg_s* message, sip_s* sip, const Flow& flow) {
            if (sip->sip_request != nullptr) return gate.receive(message, sip, flow);
            stray_response(core.agent, message, sip);
        });
    }

    void answer_options(Request& request);
    void sample();

    Core core;
    DigestServer digest;
    LocationFile bindings;
    Load load;
    Registrar registrar;
    Gate gate;
    TimerId sampling;
};

void Stack::State::answer_options(Request& request) {
    const Header headers[] = {
        {"Allow", served_methods}, {"Supported", supported_extensions}, {"Accept", read_bodies}};
    request.reply(200, "OK", headers);
}

void Stack::State::sample() {
    const auto counts = core.agent.counts();
    core.meters.sample(counts, core.legs.size(), core.retired.size());
    sampling = core.timers.after(between_samples, [this] { sample(); });
}

Stack::Stack(config::ConfigPtr config, Loop& loop, Clock& clock, Timers& timers, media::Engine& engine)
    : Stack(std::move(config), loop, clock, timers, doors_of(engine)) {}

Stack::Stack(config::ConfigPtr config, Loop& loop, Clock& clock, Timers& timers, LegMedia media)
    : state_(std::make_unique<State>(std::move(config), loop, clock, timers, std::move(media))) {
    loop.drive(timers, clock);
    state_->sample();
}

Stack::~Stack() {
    state_->core.timers.cancel(state_->sampling);
}

void Stack::start(call::SwitchFacts& facts) {
    state_->core.facts = &facts;
}

void Stack::reload(config::ConfigPtr config) {
    state_->core.config = config;
    state_->load.admission().set_rate(config->sip.calls_per_second_limit);
    state_->core.trunks.set_config(config);
    state_->digest.offer(digest_algorithms(config->sip.digest));
    state_->registrar.set_config(std::move(config));
}

void Stack::drain() {
    state_->gate.drain();
    state_->core.trunks.stop();
}
bool Stack::ready() const {
    return !state_->gate.is_draining() && state_->load.admission().ready();
}
std::size_t Stack::legs() const {
    return state_->core.legs.size();
}
std::size_t Stack::finishing() const {
    return state_->core.retired.size();
}

std::optional<config::Endpoint> Stack::bound(std::string_view transport) const {
    return state_->core.agent.bound(transport);
}

Bridge& Stack::bridge() const {
    return state_->core.agent.bridge();
}

void Stack::ring(LegId leg, const call::Dial& dial) {
    state_->core.add(std::make_unique<Leg>(state_->core, leg)).ring(dial);
}

void Stack::progress(LegId leg, bool early_media, LegId like) {
    if (auto* found = state_->core.leg(leg)) found->progress(early_media, like);
}

void Stack::answer(LegId leg, LegId like) {
    if (auto* found = state_->core.leg(leg)) found->answer(like);
}

void Stack::renegotiate(LegId leg, LegId like, bool retrieve) {
    if (auto* found = state_->core.leg(leg)) found->renegotiate(like, retrieve);
}

void Stack::refer_progress(LegId leg, int sip_status) {
    if (auto* found = state_->core.leg(leg)) found->refer_progress(sip_status);
}

bool Stack::pick_up(LegId leg) {
    auto* found = state_->core.leg(leg);
    return found != nullptr && found->pick_up();
}

void Stack::send_dtmf(LegId leg, char digit) {
    if (auto* found = state_->core.leg(leg)) found->send_dtmf(digit);
}

void Stack::expect_fax(LegId leg, bool t38) {
    if (auto* found = state_->core.leg(leg)) found->expect_fax(t38);
}

void Stack::end(LegId leg, const call::Cause& cause) {
    if (auto* found = state_->core.leg(leg)) found->end(cause);
}

bool Stack::reachable(const std::string& domain, const std::string& number) {
    return state_->core.location.reachable(address_of_record(number, domain));
}

}  // namespace patchbay::sip
