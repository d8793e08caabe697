#include "media/srtp.hpp"

#include <algorithm>
#include <array>

#include <srtp2/srtp.h>

#include "media/bytes.hpp"

namespace patchbay::media {

namespace {

constexpr unsigned long replay_window = 128;  ///< packets
constexpr std::size_t most_ssrcs = 64;        ///< that one peer may use on one leg, one after another
constexpr std::size_t least_packet = 12;      ///< bytes; shorter ones libsrtp may not be given

static_assert(srtp_overhead >= SRTP_MAX_TAG_LEN + sizeof(std::uint32_t));

SrtpContext make_context(const SrtpKey& key, srtp_ssrc_type_t direction) {
    static const bool started = srtp_init() == srtp_err_status_ok;
    if (!started) return nullptr;
    srtp_policy_t policy{};
    srtp_crypto_policy_set_rtp_default(&policy.rtp);
    srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    auto bytes = key.bytes;
    policy.ssrc.type = direction;
    policy.key = bytes.data();
    policy.window_size = replay_window;
    srtp_t context = nullptr;
    if (srtp_create(&context, &policy) != srtp_err_status_ok) return nullptr;
    return SrtpContext(context);
}

}  // namespace

void SrtpDeleter::operator()(srtp_ctx_t_* context) const {
    srtp_dealloc(context);
}

SrtpSender::SrtpSender(SrtpSuite suite, const SrtpKey& key) {
    if (suite == SrtpSuite::aead_aes_128_gcm) {
        gcm_.emplace(key, SrtpGcm::Direction::seal);
    } else {
        context_ = make_context(key, ssrc_any_outbound);
    }
}

std::optional<std::size_t> SrtpSender::seal(std::span<std::uint8_t> buffer, std::size_t size, bool rtcp) {
    if (buffer.size() < size + srtp_overhead) return std::nullopt;
    if (gcm_) return gcm_->seal(buffer, size, rtcp);
    if (!context_) return std::nullopt;
    int length = static_cast<int>(size);
    const auto status = rtcp ? srtp_protect_rtcp(context_.get(), buffer.data(), &length)
                             : srtp_protect(context_.get(), buffer.data(), &length);
    if (status != srtp_err_status_ok) return std::nullopt;
    return static_cast<std::size_t>(length);
}

SrtpReceiver::SrtpReceiver(SrtpSuite suite, const SrtpKey& key) {
    if (suite == SrtpSuite::aead_aes_128_gcm) {
        gcm_.emplace(key, SrtpGcm::Direction::open);
    } else {
        context_ = make_context(key, ssrc_any_inbound);
    }
}

std::optional<std::size_t> SrtpReceiver::open(std::span<std::uint8_t> packet, bool rtcp) {
    if (gcm_) return gcm_->open(packet, rtcp);
    if (!context_ || packet.size() < least_packet) return std::nullopt;
    const std::uint32_t ssrc = read32(packet.data() + (rtcp ? 4 : 8));
    const bool known = knows(ssrc);
    if (!known && ssrcs_.size() == most_ssrcs) return std::nullopt;
    int length = static_cast<int>(packet.size());
    const auto status = rtcp ? srtp_unprotect_rtcp(context_.get(), packet.data(), &length)
                             : srtp_unprotect(context_.get(), packet.data(), &length);
    if (status != srtp_err_status_ok) return std::nullopt;
    if (!known) ssrcs_.push_back(ssrc);
    return static_cast<std::size_t>(length);
}

/// The one of just now is last: the usual case is one comparison.
bool SrtpReceiver::knows(std::uint32_t ssrc) {
    return std::find(ssrcs_.rbegin(), ssrcs_.rend(), ssrc) != ssrcs_.rend();
}

}  // namespace patchbay::media
