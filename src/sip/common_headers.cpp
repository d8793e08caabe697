#include "sip/common_headers.hpp"

namespace patchbay::sip {

CommonHeaders::CommonHeaders()
    : home(static_cast<su_home_t*>(su_home_clone(nullptr, sizeof(su_home_t)))),
      allow(sip_allow_make(
          home, "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, INFO, REFER, NOTIFY, REGISTER")),
      supported(sip_supported_make(home, supported_extensions)),
      accept(sip_accept_make(home, "application/sdp, application/dtmf-relay, application/dtmf")),
      user_agent(sip_user_agent_make(home, "Patchbay")) {}

CommonHeaders::~CommonHeaders() {
    su_home_unref(home);
}

}  // namespace patchbay::sip
