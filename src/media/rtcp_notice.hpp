// What is told of a leg's RTCP to whoever cares.
#pragma once

#include "base/ids.hpp"
#include "media/address.hpp"
#include "media/rtcp.hpp"

namespace patchbay::media {

/// An RTCP report that a leg's peer sent us, or we it.
struct RtcpNotice {
    LegId leg;
    bool sent = false;  ///< by us
    Address local, remote;
    const RtcpReport& report;
};

}  // namespace patchbay::media
