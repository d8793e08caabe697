#include "media/srtp_gcm.hpp"

#include <algorithm>
#include <stdexcept>

#include <openssl/evp.h>

#include "media/bytes.hpp"

namespace patchbay::media {

namespace {

using Bytes = std::span<std::uint8_t>;
using Nonce = std::array<std::uint8_t, 12>;

constexpr std::size_t tag_size = 16, key_size = 16, rtcp_header = 8, rtcp_trailer = 4;
constexpr std::size_t most_sources = 64;  ///< that one peer may use on one leg, one after another
constexpr std::uint32_t encrypted_bit = 0x8000'0000;
constexpr std::uint8_t rtp_label = 0, rtcp_label = 3;  ///< of the key; the salt's is two further
constexpr std::uint8_t salt_label_offset = 2;

int count(Bytes bytes) {
    return static_cast<int>(bytes.size());
}

/// The first bytes of the key stream for that label (RFC 3711, section 4.3.3; the salt of RFC 7714 is two
/// bytes shorter, zeros behind it).
template <std::size_t size>
std::array<std::uint8_t, size> derived(const SrtpKey& master, std::uint8_t label) {
    std::array<std::uint8_t, 16> counter{};
    std::copy_n(master.bytes.begin() + SrtpKey::key_bytes, Nonce{}.size(), counter.begin());
    counter[7] ^= label;
    std::array<std::uint8_t, size> made{};
    int made_size = 0;
    auto* cipher = EVP_CIPHER_CTX_new();
    const bool done =
        cipher != nullptr &&
        EVP_EncryptInit_ex(cipher, EVP_aes_128_ctr(), nullptr, master.bytes.data(), counter.data()) == 1 &&
        EVP_EncryptUpdate(cipher, made.data(), &made_size, made.data(), size) == 1;
    EVP_CIPHER_CTX_free(cipher);
    if (!done) throw std::runtime_error("OpenSSL has no AES-128 in counter mode");
    return made;
}

/// RFC 7714, section 8.1; for RTCP (9.1) the number fits its last four bytes.
Nonce nonce_of(Nonce salt, std::uint32_t ssrc, std::uint64_t number) {
    for (std::size_t i = 0; i < 4; ++i) salt[2 + i] ^= static_cast<std::uint8_t>(ssrc >> (24 - 8 * i));
    for (std::size_t i = 0; i < 6; ++i) salt[6 + i] ^= static_cast<std::uint8_t>(number >> (40 - 8 * i));
    return salt;
}

/// In place; the tag goes behind the text.
bool encrypt(EVP_CIPHER_CTX* cipher, const Nonce& nonce, Bytes clear, Bytes clear_more, Bytes text) {
    int size = 0;
    return EVP_EncryptInit_ex(cipher, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
           EVP_EncryptUpdate(cipher, nullptr, &size, clear.data(), count(clear)) == 1 &&
           (clear_more.empty() ||
            EVP_EncryptUpdate(cipher, nullptr, &size, clear_more.data(), count(clear_more)) == 1) &&
           EVP_EncryptUpdate(cipher, text.data(), &size, text.data(), count(text)) == 1 &&
           EVP_EncryptFinal_ex(cipher, text.data() + text.size(), &size) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, tag_size, text.data() + text.size()) == 1;
}

/// In place; the tag lies behind the text.
bool decrypt(EVP_CIPHER_CTX* cipher, const Nonce& nonce, Bytes clear, Bytes clear_more, Bytes text) {
    int size = 0;
    return EVP_DecryptInit_ex(cipher, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, tag_size, text.data() + text.size()) == 1 &&
           EVP_DecryptUpdate(cipher, nullptr, &size, clear.data(), count(clear)) == 1 &&
           (clear_more.empty() ||
            EVP_DecryptUpdate(cipher, nullptr, &size, clear_more.data(), count(clear_more)) == 1) &&
           EVP_DecryptUpdate(cipher, text.data(), &size, text.data(), count(text)) == 1 &&
           EVP_DecryptFinal_ex(cipher, text.data() + text.size(), &size) == 1;
}

/// Bytes of an RTP header with its contributing sources and extension; nothing when there are not so many.
std::optional<std::size_t> rtp_header_of(std::span<const std::uint8_t> packet) {
    constexpr std::size_t fixed = 12, word = 4;
    constexpr std::uint8_t sources = 0x0F, extension = 0x10;
    if (packet.size() < fixed) return std::nullopt;
    std::size_t size = fixed + word * (packet[0] & sources);
    if ((packet[0] & extension) != 0) {
        if (packet.size() < size + word) return std::nullopt;
        size += word + word * read16(packet.data() + size + 2);
    }
    return size <= packet.size() ? std::optional(size) : std::nullopt;
}

}  // namespace

void SrtpGcm::CipherDeleter::operator()(evp_cipher_ctx_st* context) const {
    EVP_CIPHER_CTX_free(context);
}

SrtpGcm::SrtpGcm(const SrtpKey& master, Direction direction)
    : rtp_(make_session(master, rtp_label, direction)), rtcp_(make_session(master, rtcp_label, direction)) {}

SrtpGcm::Session SrtpGcm::make_session(const SrtpKey& master, std::uint8_t first_label, Direction direction) {
    Session session{Cipher(EVP_CIPHER_CTX_new()),
                    derived<Salt{}.size()>(master, first_label + salt_label_offset)};
    const auto key = derived<key_size>(master, first_label);
    const int sealing = direction == Direction::seal ? 1 : 0;
    if (!session.cipher || EVP_CipherInit_ex(session.cipher.get(), EVP_aes_128_gcm(), nullptr, key.data(),
                                             nullptr, sealing) != 1) {
        throw std::runtime_error("OpenSSL has no AES-128-GCM");
    }
    return session;
}

std::optional<std::size_t> SrtpGcm::seal(std::span<std::uint8_t> buffer, std::size_t size, bool rtcp) {
    return rtcp ? seal_rtcp(buffer, size) : seal_rtp(buffer, size);
}

std::optional<std::size_t> SrtpGcm::open(std::span<std::uint8_t> packet, bool rtcp) {
    return rtcp ? open_rtcp(packet) : open_rtp(packet);
}

std::optional<std::size_t> SrtpGcm::seal_rtp(std::span<std::uint8_t> buffer, std::size_t size) {
    const auto header = rtp_header_of(buffer.first(size));
    auto* source = header ? source_of(read32(buffer.data() + 8)) : nullptr;
    if (source == nullptr) return std::nullopt;
    const auto number = source->rtp.number_of(read16(buffer.data() + 2));
    if (!source->rtp.is_new(number)) return std::nullopt;
    const auto nonce = nonce_of(rtp_.salt, source->ssrc, number);
    if (!encrypt(rtp_.cipher.get(), nonce, buffer.first(*header), {},
                 buffer.subspan(*header, size - *header))) {
        return std::nullopt;
    }
    source->rtp.note(number);
    keep_if_new(*source);
    return size + tag_size;
}

std::optional<std::size_t> SrtpGcm::open_rtp(std::span<std::uint8_t> packet) {
    if (packet.size() < tag_size) return std::nullopt;
    const auto plain = packet.first(packet.size() - tag_size);
    const auto header = rtp_header_of(plain);
    auto* source = header ? source_of(read32(packet.data() + 8)) : nullptr;
    if (source == nullptr) return std::nullopt;
    const auto number = source->rtp.number_of(read16(packet.data() + 2));
    if (!source->rtp.is_new(number)) return std::nullopt;
    const auto nonce = nonce_of(rtp_.salt, source->ssrc, number);
    if (!decrypt(rtp_.cipher.get(), nonce, plain.first(*header), {}, plain.subspan(*header)))
        return std::nullopt;
    source->rtp.note(number);
    keep_if_new(*source);
    return plain.size();
}

// An SRTCP packet: header, text, tag, and a word of the bit for "encrypted" and the packet's number.

std::optional<std::size_t> SrtpGcm::seal_rtcp(std::span<std::uint8_t> buffer, std::size_t size) {
    auto* source = size < rtcp_header ? nullptr : source_of(read32(buffer.data() + 4));
    if (source == nullptr || source->last_rtcp == encrypted_bit - 1) return std::nullopt;
    const auto number = ++source->last_rtcp;
    const auto trailer = buffer.subspan(size + tag_size, rtcp_trailer);
    write32(trailer.data(), encrypted_bit | number);
    const auto nonce = nonce_of(rtcp_.salt, source->ssrc, number);
    if (!encrypt(rtcp_.cipher.get(), nonce, buffer.first(rtcp_header), trailer,
                 buffer.subspan(rtcp_header, size - rtcp_header))) {
        return std::nullopt;
    }
    keep_if_new(*source);
    return size + tag_size + rtcp_trailer;
}

std::optional<std::size_t> SrtpGcm::open_rtcp(std::span<std::uint8_t> packet) {
    if (packet.size() < rtcp_header + tag_size + rtcp_trailer) return std::nullopt;
    const auto trailer = packet.last(rtcp_trailer);
    const auto plain = packet.first(packet.size() - tag_size - rtcp_trailer);
    const auto word = read32(trailer.data());
    auto* source = (word & encrypted_bit) == 0 ? nullptr : source_of(read32(packet.data() + 4));
    const auto number = word & ~encrypted_bit;
    if (source == nullptr || !source->rtcp.is_new(number)) return std::nullopt;
    const auto nonce = nonce_of(rtcp_.salt, source->ssrc, number);
    if (!decrypt(rtcp_.cipher.get(), nonce, plain.first(rtcp_header), trailer, plain.subspan(rtcp_header)))
        return std::nullopt;
    source->rtcp.note(number);
    keep_if_new(*source);
    return plain.size();
}

/// None when there were too many: each costs memory and time.
SrtpGcm::Source* SrtpGcm::source_of(std::uint32_t ssrc) {
    // The one of just now is last: the usual case is one comparison.
    const auto found = std::find_if(sources_.rbegin(), sources_.rend(),
                                    [&](const Source& known) { return known.ssrc == ssrc; });
    if (found != sources_.rend()) return &*found;
    if (sources_.size() == most_sources) return nullptr;
    unproved_ = Source{.ssrc = ssrc, .rtp = {}, .rtcp = {}};
    return &unproved_;
}

void SrtpGcm::keep_if_new(const Source& source) {
    if (&source == &unproved_) sources_.push_back(source);
}

}  // namespace patchbay::media
