#include "peers.hpp"

namespace patchbay::simulation {

using namespace call;

Peers::Peer* Peers::find(LegId leg, const char* verb) {
    const auto found = alive.find(leg);
    if (found == alive.end()) {
        breach_.note(std::string(verb) + " for a leg that SIP has not", leg.text());
        return nullptr;
    }
    return &found->second;
}

void Peers::ring(LegId leg, const Dial& dial) {
    if (!alive.emplace(leg, Peer{}).second) breach_.note("rung twice", leg.text());
    if (dial.like && !alive.contains(dial.like)) breach_.note("rung like a leg that is gone");
    if (dial.number.empty()) breach_.note("rung nobody");
    all.push_back(leg);
}

void Peers::progress(LegId leg, bool, LegId) {
    const auto* peer = find(leg, "progress");
    if (peer != nullptr && (!peer->called_us || peer->answered)) breach_.note("progress to no caller");
}

void Peers::answer(LegId leg, LegId) {
    auto* peer = find(leg, "answer");
    if (peer == nullptr) return;
    if (!peer->called_us || peer->answered) breach_.note("answer to no caller");
    peer->answered = true;
}

void Peers::renegotiate(LegId leg, LegId, bool) {
    const auto* peer = find(leg, "renegotiate");
    if (peer != nullptr && !peer->answered) breach_.note("re-INVITE before the answer");
}

void Peers::refer_progress(LegId leg, int sip_status) {
    auto* peer = find(leg, "refer_progress");
    if (peer == nullptr) return;
    if (!peer->refers) breach_.note("told of a REFER it did not send", leg.text());
    if (sip_status >= 200) peer->refers = false;
}

bool Peers::pick_up(LegId leg) {
    const auto* peer = find(leg, "pick_up");
    if (peer != nullptr && (peer->called_us || peer->answered))
        breach_.note("told to answer what does not ring");
    return leg.value % 2 == 0;
}

void Peers::send_dtmf(LegId leg, char) {
    const auto* peer = find(leg, "send_dtmf");
    if (peer != nullptr && !peer->answered) breach_.note("a digit before the answer");
}

void Peers::end(LegId leg, const Cause&) {
    find(leg, "end");
    alive.erase(leg);
}

bool Peers::reachable(const std::string&, const std::string& number) {
    return !unregistered.contains(number);
}

void Peers::call_in(LegId leg) {
    alive[leg].called_us = true;
    all.push_back(leg);
}

bool Ports::open(LegId leg) {
    if (exhausted) return false;
    if (!hears.emplace(leg, std::vector<Source>{}).second) breach_.note("port opened twice");
    return true;
}

void Ports::hear(const Hearing& rows) {
    for (const auto& row : rows) {
        const auto port = hears.find(row.ear);
        if (port == hears.end()) {
            breach_.note("a row for a leg without a port");
            continue;
        }
        if (port->second == row.sources) breach_.note("media was told what it knew");
        port->second = row.sources;
    }
}

void Ports::close(LegId leg) {
    if (loses_closes) return;
    if (hears.erase(leg) != 1) breach_.note("closed a port that was not open");
}

}  // namespace patchbay::simulation
