#include "sip/common_headers.hpp"

#include <sofia-sip/msg_header.h>

namespace patchbay::sip {

namespace {

/// Has the header carry the text it is sent as, which Sofia then need not write for each message.
template <typename HeaderType>
void write(su_home_t* home, HeaderType* typed) {
    auto* header = reinterpret_cast<msg_header_t*>(typed);
    char text[512];
    const auto length = msg_header_e(text, sizeof text, header, 0);
    if (length <= 0 || length >= static_cast<isize_t>(sizeof text)) return;
    header->sh_data = su_strndup(home, text, length);
    header->sh_len = static_cast<usize_t>(length);
}

}  // namespace

CommonHeaders::CommonHeaders()
    : home(static_cast<su_home_t*>(su_home_clone(nullptr, sizeof(su_home_t)))),
      allow(sip_allow_make(home, served_methods)),
      supported(sip_supported_make(home, supported_extensions)),
      accept(sip_accept_make(home, read_bodies)),
      user_agent(sip_user_agent_make(home, "Patchbay")) {
    write(home, allow);
    write(home, supported);
    write(home, accept);
    write(home, user_agent);
}

CommonHeaders::~CommonHeaders() {
    su_home_unref(home);
}

}  // namespace patchbay::sip
