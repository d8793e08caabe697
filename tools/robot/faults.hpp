// The rules the robot breaks on demand.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::robot {

/// What this phone does wrong, everywhere.
struct Faults {
    bool never_ack = false;
    bool never_prack = false;
    bool answer_twice = false;
    bool garbage = false;
    bool no_refresh = false;
    bool never_ack_refused = false;
    bool keep_hold = false;
    bool wrong_fingerprint = false;
    bool plain_audio = false;
    bool replay = false;
};

struct FaultName {
    std::string_view name;
    bool Faults::*flag;
    std::string_view help;
};

inline constexpr std::array<FaultName, 10> fault_names{{
    {"never-ack", &Faults::never_ack, "send no ACK for a 200 to INVITE"},
    {"never-ack-refused", &Faults::never_ack_refused, "send no ACK for a 300 to 699 to INVITE"},
    {"never-prack", &Faults::never_prack, "send no PRACK for a reliable 18x"},
    {"answer-twice", &Faults::answer_twice, "answer with a second 200 of another tag"},
    {"garbage", &Faults::garbage, "answer every request with bytes that are no SIP"},
    {"keep-hold", &Faults::keep_hold, "stay on hold when the other side asks to come back"},
    {"wrong-fingerprint", &Faults::wrong_fingerprint, "show another certificate than SDP says"},
    {"plain-audio", &Faults::plain_audio, "send plain RTP where SRTP is agreed"},
    {"replay", &Faults::replay, "send every packet of encrypted audio a second time"},
    {"no-refresh", &Faults::no_refresh, "never refresh a session, though it is ours to do"},
}};

/// Sets or clears the fault of that name; false when there is none.
inline bool set_fault(Faults& faults, std::string_view name, bool on) {
    const auto* const fault = std::ranges::find(fault_names, name, &FaultName::name);
    if (fault == fault_names.end()) return false;
    faults.*fault->flag = on;
    return true;
}

/// How requests of one method are met for a while, in place of what is right. `REINVITE` is an INVITE within
/// a dialog.
struct Rule {
    std::string method;
    int status = 0;  ///< 0: no answer at all
    int times = -1;  ///< how often; -1: always
};

}  // namespace patchbay::robot
