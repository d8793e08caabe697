#include "media/security.hpp"

#include <algorithm>

#include "media/stun.hpp"

namespace patchbay::media {

void Security::agree(const Protection& protection, Moment now) {
    if (ice_ != protection.ice) {
        ice_ = protection.ice;
        verified_.fill({});
        nominated_ = {};
    }
    if (const auto* keys = std::get_if<SdesKeys>(&protection.keys)) {
        peer_.reset();
        dtls_.reset();
        return use(*keys, now);
    }
    const auto* peer = std::get_if<DtlsPeer>(&protection.keys);
    if (peer == nullptr) return;
    if (dtls_ && peer_ && peer_->fingerprint == peer->fingerprint) return;
    peer_ = *peer;
    dtls_ = std::make_unique<DtlsAssociation>(identity_, *peer);
    dtls_from_ = {};
}

void Security::use(const SdesKeys& keys, Moment now) {
    const bool suite_changed = !keys_ || keys_->suite != keys.suite;
    // The same key under a new context would use its packet numbers twice.
    if (suite_changed || keys_->local != keys.local) sender_.emplace(keys.suite, keys.local);
    if (suite_changed || keys_->remote != keys.remote) {
        before_ = std::move(receiver_);
        before_until_ = now + key_overlap;
        receiver_.emplace(keys.suite, keys.remote);
    }
    keys_ = keys;
}

bool Security::take_check(std::span<const std::uint8_t> packet, const Address& from, const Send& send) {
    const auto request = ice_ ? parse_binding_request(packet) : std::nullopt;
    if (!request || request->username != ice_->local.fragment + ':' + ice_->remote.fragment ||
        !has_integrity(packet, *request, ice_->local.password))
        return false;
    if (!is_verified(from)) {
        verified_at_ = (verified_at_ + 1) % verified_.size();
        verified_[verified_at_] = from;
    }
    if (request->nominates) nominated_ = from;
    send(binding_success(*request, from, ice_->local.password), from);
    return true;
}

bool Security::is_verified(const Address& from) const {
    return std::ranges::find(verified_, from) != verified_.end();
}

bool Security::take_dtls(std::span<const std::uint8_t> packet, const Address& from, const Address& signalled,
                         const Send& send, Moment now) {
    if (!dtls_ || (ice_ ? !is_verified(from) : from != signalled)) return false;
    dtls_from_ = from;
    dtls_->receive(packet, [&](std::span<const std::uint8_t> datagram) { send(datagram, from); });
    settle_dtls(now);
    return true;
}

void Security::look_after(const Address& target, const Send& send, Moment now) {
    if (now >= before_until_) before_.reset();
    if (!dtls_ || dtls_->state() != DtlsAssociation::State::handshake) return;
    const Address to = dtls_from_ ? dtls_from_ : target;
    if (!to) return;
    const auto back = [&](std::span<const std::uint8_t> datagram) { send(datagram, to); };
    dtls_->start(back);
    dtls_->repeat(back);
    settle_dtls(now);
}

void Security::settle_dtls(Moment now) {
    if (dtls_->state() == DtlsAssociation::State::agreed && keys_ != dtls_->keys()) use(*dtls_->keys(), now);
}

std::span<std::uint8_t> Security::open(std::span<std::uint8_t> packet, bool rtcp, Moment now) {
    if (!receiver_) return {};
    if (!before_ || now >= before_until_) return packet.first(receiver_->open(packet, rtcp).value_or(0));
    // A failed try may have touched the packet, so that the second wants a copy.
    alignas(8) thread_local std::array<std::uint8_t, largest_packet> copy;
    const auto kept = std::span(copy).first(std::min(packet.size(), copy.size()));
    std::copy_n(packet.begin(), kept.size(), kept.begin());
    if (const auto size = receiver_->open(packet, rtcp)) return packet.first(*size);
    const auto size = before_->open(kept, rtcp).value_or(0);
    std::copy_n(kept.begin(), size, packet.begin());
    return packet.first(size);
}

std::span<const std::uint8_t> Security::seal(std::span<const std::uint8_t> packet, bool rtcp) {
    alignas(8) thread_local std::array<std::uint8_t, largest_packet + srtp_overhead> sealed;
    if (!sender_ || packet.size() > largest_packet) return {};
    std::ranges::copy(packet, sealed.begin());
    return std::span(sealed).first(sender_->seal(sealed, packet.size(), rtcp).value_or(0));
}

}  // namespace patchbay::media
