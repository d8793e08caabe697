// Session timers (RFC 4028).
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "call.hpp"

namespace patchbay::robot {

void Call::add_session_timer(Message& request) const {
    const auto& options = parts_.options;
    if (options.session_expires > 0) {
        const int interval = std::max(options.session_expires, min_se_);
        std::string value = std::to_string(interval);
        if (!options.refresher.empty()) value += ";refresher=" + options.refresher;
        request.set("Session-Expires", value);
    }
    const int least = std::max(options.min_se, min_se_);
    if (least > 0) request.set("Min-SE", std::to_string(least));
}

HeaderList Call::accept_session_timer(const Message& request) {
    const auto value = request.header("Session-Expires");
    const auto seconds = to_number(trim(split(value, ';').front()));
    if (!seconds || *seconds <= 0) return {};
    auto refresher = parameter_in(std::string("x") + std::string(value), "refresher").value_or("");
    if (refresher.empty()) refresher = parts_.options.refresher.empty() ? "uac" : parts_.options.refresher;
    set_session_timer(static_cast<int>(*seconds), refresher == "uas");
    return {{"Session-Expires", fmt::format("{};refresher={}", *seconds, refresher)}, {"Require", "timer"}};
}

void Call::start_session_timer(const Message& response) {
    const auto value = response.header("Session-Expires");
    const auto seconds = to_number(trim(split(value, ';').front()));
    if (!seconds || *seconds <= 0) return;
    const auto refresher = parameter_in(std::string("x") + std::string(value), "refresher").value_or("uac");
    emit("session_timer", {{"expires", *seconds}, {"refresher", refresher}});
    set_session_timer(static_cast<int>(*seconds), refresher == "uac");
}

void Call::set_session_timer(int seconds, bool ours) {
    auto& timers = parts_.loop.timers();
    timers.cancel(session_timer_);
    const bool refreshes = ours && !parts_.options.faults.no_refresh;
    session_timer_ = timers.after(Milliseconds(seconds * (refreshes ? 500 : 1000)), [this, refreshes] {
        if (refreshes) return refresh_session();
        emit("session_expired");
        hangup({{"Reason", "SIP;cause=408;text=\"Session expired\""}});
    });
}

void Call::refresh_session() {
    if (state_ != CallState::connected || modifying_) return;
    emit("refreshing");
    change_ = {true, false, true, false, std::nullopt, 0};
    send_modify();
}

}  // namespace patchbay::robot
