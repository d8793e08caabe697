// The robot's encrypted audio: it seals and opens packets, shakes hands by DTLS, and looks for its peer by
// ICE as the controlling agent. On the server's own SRTP and DTLS, which the browser test proves.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "loop.hpp"
#include "media/security.hpp"

namespace patchbay::robot {

/// Uses the loop's thread.
class Guard {
  public:
    explicit Guard(Loop& loop);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    /// The certificate's fingerprint, one for all phones of the process.
    static const media::Fingerprint& fingerprint();
    /// Makes another certificate, which guards show from their next agree() on; its fingerprint.
    static const media::Fingerprint& renew();

    /// `socket`: the RTP port's; `remote`: where the peer's is.
    void agree(const media::Protection& protection, int socket, const config::Endpoint& remote);
    bool ready() const { return security_->ready(); }
    /// What is no RTP: true when the guard has dealt with it.
    bool take(std::span<const std::uint8_t> packet, const config::Endpoint& from);
    std::span<std::uint8_t> open(std::span<std::uint8_t> packet) {
        return security_->open(packet, false, media::Moment(loop_.now()));
    }
    std::span<const std::uint8_t> seal(std::span<const std::uint8_t> packet) {
        return security_->seal(packet, false);
    }

  private:
    void look_after();
    void send_check();
    void send(std::span<const std::uint8_t> packet) const;

    Loop& loop_;
    const media::DtlsIdentity* identity_;  ///< that security_ shows
    std::unique_ptr<media::Security> security_;
    std::optional<media::Ice> ice_;
    bool found_ = false;  ///< a check of ours was answered
    int socket_ = -1;
    media::Address remote_;
    TimerId timer_;
};

}  // namespace patchbay::robot
