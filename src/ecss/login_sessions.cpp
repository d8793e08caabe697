#include "ecss/login_sessions.hpp"

#include <algorithm>
#include <stdexcept>

#include <openssl/rand.h>

#include "base/text.hpp"

namespace patchbay::ecss {
namespace {

metrics::Gauge& open_sessions() {
    static auto& gauge = metrics::gauge("patchbay_ecss_login_sessions", "ECSS login sessions that are open");
    return gauge;
}

std::string random_token() {
    std::string bytes(16, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("there is no randomness for a login session");
    }
    return hex(bytes);
}

std::string owner_of(std::string_view domain, std::string_view operator_id) {
    return std::string(domain).append(1, '\n').append(operator_id);
}

}  // namespace

LoginSession::LoginSession(std::string domain_of, std::string operator_of)
    : domain(std::move(domain_of)), operator_id(std::move(operator_of)) {
    open_sessions().add(1);
}

LoginSession::~LoginSession() {
    open_sessions().add(-1);
}

LoginSessions::LoginSessions(std::function<Ticks()> ticks, Seconds idle_timeout)
    : ticks_(std::move(ticks)), idle_timeout_(idle_timeout), swept_(ticks_()) {}

bool LoginSessions::expired(const LoginSession& session) const {
    return session.ended() || (session.sockets_ == 0 && ticks_() - Ticks{session.used_} >= idle_timeout_);
}

void LoginSessions::remove(Table<LoginSessionPtr>::iterator place) {
    const LoginSessionPtr session = place->second;
    session->end();
    const auto owner = tokens_of_.find(owner_of(session->domain, session->operator_id));
    std::erase(owner->second, place->first);
    if (owner->second.empty()) tokens_of_.erase(owner);
    by_token_.erase(place);
}

void LoginSessions::sweep() {
    swept_ = ticks_();
    for (auto place = by_token_.begin(); place != by_token_.end();) {
        const auto next = std::next(place);
        if (expired(*place->second)) remove(place);
        place = next;
    }
}

// Ends the operator's oldest session that no socket uses.
void LoginSessions::make_room(std::string_view owner) {
    const auto tokens = tokens_of_.find(owner);
    if (tokens == tokens_of_.end() || tokens->second.size() < most_per_operator) return;
    const auto unused = std::ranges::find_if(tokens->second, [&](const std::string& token) {
        return by_token_.find(token)->second->sockets_ == 0;
    });
    if (unused != tokens->second.end()) remove(by_token_.find(*unused));
}

Result<LoginSessions::Opened> LoginSessions::open(std::string domain, std::string operator_id) {
    const auto owner = owner_of(domain, operator_id);
    const std::scoped_lock lock(mutex_);
    if (ticks_() - swept_ >= idle_timeout_ / 4 || by_token_.size() >= most) sweep();
    make_room(owner);
    auto& tokens = tokens_of_[owner];
    if (by_token_.size() >= most || tokens.size() >= most_per_operator) {
        if (tokens.empty()) tokens_of_.erase(owner);
        return Error{"too_many_attempts", "Too many sessions are open. Log out of others first."};
    }
    Opened opened{random_token(), std::make_shared<LoginSession>(std::move(domain), std::move(operator_id))};
    opened.session->used_ = ticks_().count();
    tokens.push_back(opened.token);
    by_token_.emplace(opened.token, opened.session);
    return opened;
}

LoginSessionPtr LoginSessions::find(std::string_view token) {
    const std::scoped_lock lock(mutex_);
    const auto place = by_token_.find(token);
    if (place == by_token_.end()) return nullptr;
    if (expired(*place->second)) {
        remove(place);
        return nullptr;
    }
    place->second->used_ = ticks_().count();
    return place->second;
}

void LoginSessions::release(LoginSession& session) {
    session.used_ = ticks_().count();
    --session.sockets_;
}

void LoginSessions::close(std::string_view token) {
    const std::scoped_lock lock(mutex_);
    if (const auto place = by_token_.find(token); place != by_token_.end()) remove(place);
}

}  // namespace patchbay::ecss
