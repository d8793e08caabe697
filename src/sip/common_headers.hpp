// Headers that are the same in every message: parsed once, written once, and shared by all messages. For .cpp
// files of this room alone.
#pragma once

#include "sip/sofia.hpp"

namespace patchbay::sip {

struct CommonHeaders {
    CommonHeaders();
    ~CommonHeaders();
    CommonHeaders(const CommonHeaders&) = delete;
    CommonHeaders& operator=(const CommonHeaders&) = delete;

    su_home_t* home;
    sip_allow_t* allow;
    sip_supported_t* supported;
    sip_accept_t* accept;
    sip_user_agent_t* user_agent;
};

/// Methods we serve, as Allow says.
inline constexpr const char* served_methods =
    "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, INFO, REFER, NOTIFY, REGISTER";
/// Bodies we read, as Accept says.
inline constexpr const char* read_bodies = "application/sdp, application/dtmf-relay, application/dtmf";
/// Extensions we support, as Supported says.
inline constexpr const char* supported_extensions = "100rel, timer, replaces, norefersub";

}  // namespace patchbay::sip
