#include "ecss/socket_session.hpp"

#include <utility>

namespace patchbay::ecss {

void SocketSession::enter(LoginSessionPtr session, std::string token, Leaving leaving, const Listen& listen) {
    const std::scoped_lock lock(mutex_);
    leave();
    access_.sessions().hold(*session);
    session_ = std::move(session);
    token_ = std::move(token);
    leaving_ = leaving;
    if (closed_) return leave();
    if (listen) places_ = listen(session_);
}

void SocketSession::listen(const Listen& listen) {
    const std::scoped_lock lock(mutex_);
    if (!session_) return;
    places_ = {};
    places_ = listen(session_);
}

void SocketSession::log_out() {
    const std::scoped_lock lock(mutex_);
    leaving_ = Leaving::ends;
    leave();
}

void SocketSession::close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    leave();
}

// Under the lock.
void SocketSession::leave() {
    places_ = {};
    const auto session = std::exchange(session_, nullptr);
    if (!session) return;
    access_.sessions().release(*session);
    if (leaving_ == Leaving::goes_on) return;
    if (!token_.empty()) access_.sessions().close(token_);
    session->end();
}

Result<Caller> SocketSession::caller() {
    LoginSessionPtr session;
    {
        const std::scoped_lock lock(mutex_);
        session = session_;
    }
    if (session) return access_.by_session(*session);
    return Error{"not_authorized", "Log in first."};
}

}  // namespace patchbay::ecss
