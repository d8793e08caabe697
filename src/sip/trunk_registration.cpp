#include "sip/trunk_registration.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "sip/name_addr.hpp"
#include "sip/trunk_address.hpp"

namespace patchbay::sip {
namespace {

constexpr Seconds usual_expires{600}, longest_expires{86'400}, shortest_refresh{1};
constexpr Seconds first_pause{5}, longest_pause{300};

std::string random_name() {
    std::random_device device;
    return hex16(std::uint64_t{device()} << 32 | device());
}

/// How long the registrar keeps us: what it says of our Contact, else of all (RFC 3261, section 10.2.4).
Seconds granted(const Response& response, std::string_view contact, Seconds asked) {
    std::string_view said;
    std::vector<NameAddr> listed;
    for (const std::string& value : response.values("Contact"))
        if (auto read = parse_name_addr(value)) listed.push_back(std::move(*read));
    for (const NameAddr& one : listed)
        if (one.uri == contact || listed.size() == 1) said = one.parameter("expires");
    const std::string for_all = response.value("Expires");
    const auto seconds = to_number(said.empty() ? std::string_view(for_all) : said);
    return seconds && *seconds > 0 ? std::min(Seconds{*seconds}, longest_expires) : asked;
}

}  // namespace

std::string_view word(RegistrationState state) {
    switch (state) {
        case RegistrationState::unregistered:
            return "unregistered";
        case RegistrationState::registering:
            return "registering";
        case RegistrationState::registered:
            return "registered";
        case RegistrationState::failed:
            return "failed";
    }
    return "failed";
}

TrunkRegistration::TrunkRegistration(Agent& agent, Timers& timers, std::string domain, config::Trunk trunk)
    : agent_(agent),
      timers_(timers),
      domain_(std::move(domain)),
      trunk_(std::move(trunk)),
      digest_(trunk_.user, trunk_.password),
      call_id_(random_name()),
      tag_(random_name()),
      expires_(usual_expires),
      pause_(first_pause) {
    enter(RegistrationState::registering);
    wait(Milliseconds{0});
}

TrunkRegistration::~TrunkRegistration() {
    timers_.cancel(timer_);
}

bool TrunkRegistration::serves(const config::Trunk& trunk) const {
    return trunk.host == trunk_.host && trunk.port == trunk_.port && trunk.transport == trunk_.transport &&
           trunk.user == trunk_.user && trunk.password == trunk_.password;
}

void TrunkRegistration::stop(std::function<void()> done) {
    stopped_ = std::move(done);
    timers_.cancel(timer_);
    request_.reset();
    send();
}

void TrunkRegistration::send() {
    Sending sending;
    sending.method = "REGISTER";
    sending.uri = trunk_uri(trunk_, {});
    sending.to = fmt::format("<{}>", trunk_uri(trunk_, trunk_.user));
    sending.from = fmt::format("{};tag={}", sending.to, tag_);
    sending.call_id = call_id_;
    sending.cseq = ++cseq_;
    const Seconds expires = stopped_ ? Seconds{0} : expires_;
    sending.headers = {{"Contact", fmt::format("<{}>", agent_.contact(trunk_.user, trunk_.transport))},
                       {"Expires", std::to_string(expires.count())}};
    if (auto proof = digest_.authorization("REGISTER", sending.uri))
        sending.headers.push_back({proxy_ ? "Proxy-Authorization" : "Authorization", std::move(*proof)});
    request_ = agent_.send(sending, [this](const Response& response) { receive(response); });
    if (!request_) failed("its address makes no sense");
}

void TrunkRegistration::receive(const Response& response) {
    const int status = response.status();
    if (status == 401 || status == 407) {
        proxy_ = status == 407;
        const auto challenges = response.values(proxy_ ? "Proxy-Authenticate" : "WWW-Authenticate");
        if (digest_.take(challenges)) return send();
        return failed("it refuses our user and password");
    }
    if (stopped_ || status >= 300) {
        if (!stopped_ && status == 423 && ask_longer(response)) return send();
        return failed(fmt::format("it answers {}", status));
    }
    accepted(response);
}

void TrunkRegistration::accepted(const Response& response) {
    digest_.accepted();
    pause_ = first_pause;
    enter(RegistrationState::registered);
    const Seconds kept = granted(response, agent_.contact(trunk_.user, trunk_.transport), expires_);
    wait(std::max<Milliseconds>(kept * 4 / 5, shortest_refresh));
}

/// Also the end of stop(): whatever the trunk says then, we are gone.
void TrunkRegistration::failed(const std::string& why) {
    if (stopped_) {
        enter(RegistrationState::unregistered);
        // The caller may destroy this object: nothing of it is used afterwards.
        const auto done = std::exchange(stopped_, nullptr);
        return done();
    }
    if (state_ != RegistrationState::failed)
        log::warning("sip", "trunk {} of {} is not registered: {}", trunk_.name, domain_, why);
    enter(RegistrationState::failed);
    wait(pause_);
    pause_ = std::min(pause_ * 2, longest_pause);
}

/// 423: once more with what it wants, when that is more than we asked for.
bool TrunkRegistration::ask_longer(const Response& response) {
    const auto least = to_number(response.value("Min-Expires"));
    if (!least || Seconds{*least} <= expires_ || Seconds{*least} > longest_expires) return false;
    expires_ = Seconds{*least};
    return true;
}

void TrunkRegistration::enter(RegistrationState state) {
    if (state == RegistrationState::registered && state_ != state)
        log::info("sip", "trunk {} of {} is registered", trunk_.name, domain_);
    state_ = state;
    metrics::gauge("patchbay_sip_trunk_registered", "1 while we are registered at the trunk",
                   {{"domain", domain_}, {"trunk", trunk_.name}})
        .set(state == RegistrationState::registered ? 1 : 0);
}

void TrunkRegistration::wait(Milliseconds pause) {
    timer_ = timers_.after(pause, [this] { send(); });
}

}  // namespace patchbay::sip
