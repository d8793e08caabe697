#include "guard.hpp"

#include <list>

#include "media/packet_kind.hpp"
#include "media/stun.hpp"
#include "sip/secret.hpp"

namespace patchbay::robot {

namespace {

constexpr Milliseconds look_every{50};

/// All that this process had; the last one is shown.
std::list<media::DtlsIdentity>& identities() {
    static std::list<media::DtlsIdentity> own(1);
    return own;
}

}  // namespace

Guard::Guard(Loop& loop)
    : loop_(loop),
      identity_(&identities().back()),
      security_(std::make_unique<media::Security>(*identity_)) {}

Guard::~Guard() {
    loop_.timers().cancel(timer_);
}

const media::Fingerprint& Guard::fingerprint() {
    return *identities().back().fingerprint();
}

const media::Fingerprint& Guard::renew() {
    identities().emplace_back();
    return fingerprint();
}

void Guard::agree(const media::Protection& protection, int socket, const config::Endpoint& remote) {
    if (ice_ != protection.ice) found_ = false;
    ice_ = protection.ice;
    socket_ = socket;
    if (const auto address = media::Address::parse(remote)) remote_ = *address;
    // Our own checks show where the peer is; it is an ICE-lite agent and makes none.
    if (identity_ != &identities().back()) {
        identity_ = &identities().back();
        security_ = std::make_unique<media::Security>(*identity_);
    }
    security_->agree({protection.keys, {}}, media::Moment(loop_.now()));
    look_after();
}

void Guard::look_after() {
    loop_.timers().cancel(timer_);
    if (ice_ && !found_) {
        send_check();
    } else {
        security_->look_after(
            remote_, [this](std::span<const std::uint8_t> packet, const media::Address&) { send(packet); },
            media::Moment(loop_.now()));
    }
    timer_ = loop_.timers().after(look_every, [this] { look_after(); });
}

void Guard::send_check() {
    media::BindingRequest request;
    sip::fill_with_secrets(request.transaction);
    const auto user = ice_->remote.fragment + ':' + ice_->local.fragment;
    request.username = user;
    request.nominates = request.from_controlling = true;
    send(media::build_binding_request(request, ice_->remote.password));
}

bool Guard::take(std::span<const std::uint8_t> packet, const config::Endpoint& from) {
    const auto kind = media::packet_kind(packet);
    if (kind == media::PacketKind::stun) {
        found_ = found_ || media::is_binding_success(packet);
        look_after();
        return true;
    }
    if (kind != media::PacketKind::dtls) return false;
    if (const auto address = media::Address::parse(from)) {
        security_->take_dtls(
            packet, *address, remote_,
            [this](std::span<const std::uint8_t> answer, const media::Address&) { send(answer); },
            media::Moment(loop_.now()));
    }
    return true;
}

void Guard::send(std::span<const std::uint8_t> packet) const {
    sendto(socket_, packet.data(), packet.size(), MSG_NOSIGNAL, remote_.data(), remote_.size());
}

}  // namespace patchbay::robot
