#include "media/stun.hpp"

#include <algorithm>
#include <cstring>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/text.hpp"
#include "media/bytes.hpp"

namespace patchbay::media {

namespace {

constexpr std::size_t header_size = 20, attribute_header = 4;
constexpr std::size_t integrity_size = 20, fingerprint_size = 4;
constexpr std::uint32_t magic_cookie = 0x2112A442, fingerprint_mask = 0x5354554E;
constexpr std::uint16_t binding_request = 0x0001, binding_response = 0x0101;

enum Attribute : std::uint16_t {
    username = 0x0006,
    message_integrity = 0x0008,
    xor_mapped_address = 0x0020,
    priority = 0x0024,
    use_candidate = 0x0025,
    first_optional = 0x8000,
    fingerprint = 0x8028,
    ice_controlling = 0x802A,
};

using Bytes = std::span<const std::uint8_t>;

/// CRC-32 as in ITU-T V.42.
std::uint32_t crc32(Bytes bytes) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

/// HMAC-SHA1 of a message up to its MESSAGE-INTEGRITY, whose end its length must name meanwhile (RFC 8489,
/// section 14.5).
std::array<std::uint8_t, integrity_size> integrity_of(Bytes before, std::string_view password) {
    std::vector<std::uint8_t> text(before.begin(), before.end());
    const std::size_t length = before.size() - header_size + attribute_header + integrity_size;
    write16(text.data() + 2, static_cast<std::uint16_t>(length));
    std::array<std::uint8_t, integrity_size> digest{};
    HMAC(EVP_sha1(), password.data(), static_cast<int>(password.size()), text.data(), text.size(),
         digest.data(), nullptr);
    return digest;
}

/// Takes one attribute of a request. False when the request is of no use.
bool take(BindingRequest& request, std::uint16_t type, Bytes value, Bytes all, bool& checked) {
    const auto at = static_cast<std::size_t>(value.data() - all.data()) - attribute_header;
    if (type == fingerprint) {
        checked = value.size() == fingerprint_size &&
                  read32(value.data()) == (crc32(all.first(at)) ^ fingerprint_mask) &&
                  at + attribute_header + fingerprint_size == all.size();
        return checked;
    }
    if (request.integrity_at != 0) return true;  // nothing but the fingerprint counts behind it
    switch (type) {
        case username:
            request.username = {reinterpret_cast<const char*>(value.data()), value.size()};
            return true;
        case message_integrity:
            request.integrity_at = at;
            return value.size() == integrity_size;
        case use_candidate:
            request.nominates = true;
            return true;
        case ice_controlling:
            request.from_controlling = true;
            return true;
        case priority:
            return true;
        default:
            return type >= first_optional;
    }
}

class Writer {
  public:
    Writer(std::uint16_t type, const BindingRequest& request) : bytes_(header_size) {
        write16(bytes_.data(), type);
        write32(bytes_.data() + 4, magic_cookie);
        std::ranges::copy(request.transaction, bytes_.begin() + 8);
    }
    void add(std::uint16_t type, Bytes value) {
        const std::size_t at = bytes_.size();
        bytes_.resize(at + attribute_header + (value.size() + 3) / 4 * 4);
        write16(bytes_.data() + at, type);
        write16(bytes_.data() + at + 2, static_cast<std::uint16_t>(value.size()));
        std::ranges::copy(value, bytes_.begin() + static_cast<std::ptrdiff_t>(at + attribute_header));
        write16(bytes_.data() + 2, static_cast<std::uint16_t>(bytes_.size() - header_size));
    }
    std::vector<std::uint8_t> seal(std::string_view password) {
        add(message_integrity, integrity_of(bytes_, password));
        // The length already counts the fingerprint while it is made.
        write16(bytes_.data() + 2, static_cast<std::uint16_t>(bytes_.size() - header_size + attribute_header +
                                                              fingerprint_size));
        std::array<std::uint8_t, fingerprint_size> crc{};
        write32(crc.data(), crc32(bytes_) ^ fingerprint_mask);
        add(fingerprint, crc);
        return std::move(bytes_);
    }

  private:
    std::vector<std::uint8_t> bytes_;
};

}  // namespace

std::optional<BindingRequest> parse_binding_request(Bytes bytes) {
    if (bytes.size() < header_size || read16(bytes.data()) != binding_request ||
        read16(bytes.data() + 2) + header_size != bytes.size() || read32(bytes.data() + 4) != magic_cookie)
        return std::nullopt;
    BindingRequest request;
    std::ranges::copy(bytes.subspan(8, request.transaction.size()), request.transaction.begin());
    bool checked = false;
    for (std::size_t at = header_size; at < bytes.size();) {
        if (bytes.size() - at < attribute_header) return std::nullopt;
        const std::uint16_t type = read16(bytes.data() + at);
        const std::size_t size = read16(bytes.data() + at + 2);
        const std::size_t padded = (size + 3) / 4 * 4;
        if (padded > bytes.size() - at - attribute_header) return std::nullopt;
        if (!take(request, type, bytes.subspan(at + attribute_header, size), bytes, checked))
            return std::nullopt;
        at += attribute_header + padded;
    }
    if (!checked || request.username.empty() || request.integrity_at == 0) return std::nullopt;
    return request;
}

bool has_integrity(Bytes bytes, const BindingRequest& request, std::string_view password) {
    const auto expected = integrity_of(bytes.first(request.integrity_at), password);
    const auto said = bytes.subspan(request.integrity_at + attribute_header, integrity_size);
    return equal_in_constant_time({reinterpret_cast<const char*>(expected.data()), expected.size()},
                                  {reinterpret_cast<const char*>(said.data()), said.size()});
}

std::vector<std::uint8_t> build_binding_request(const BindingRequest& request, std::string_view password) {
    Writer out(binding_request, request);
    out.add(username,
            {reinterpret_cast<const std::uint8_t*>(request.username.data()), request.username.size()});
    out.add(priority, std::array<std::uint8_t, 4>{0x6E, 0, 1, 0xFF});
    if (request.from_controlling) out.add(ice_controlling, Bytes(request.transaction).first(8));
    if (request.nominates) out.add(use_candidate, {});
    return out.seal(password);
}

bool is_binding_success(Bytes bytes) {
    return bytes.size() >= header_size && read16(bytes.data()) == binding_response &&
           read32(bytes.data() + 4) == magic_cookie;
}

std::vector<std::uint8_t> binding_success(const BindingRequest& request, const Address& seen,
                                          std::string_view password) {
    Writer out(binding_response, request);
    std::array<std::uint8_t, 16> mask{};  // RFC 8489, section 14.2
    write32(mask.data(), magic_cookie);
    std::ranges::copy(request.transaction, mask.begin() + 4);
    const auto host = seen.host_bytes();
    std::array<std::uint8_t, 20> value{};
    value[1] = host.size() == 4 ? 1 : 2;
    write16(value.data() + 2, static_cast<std::uint16_t>(seen.port() ^ (magic_cookie >> 16)));
    for (std::size_t i = 0; i < host.size(); ++i) value[4 + i] = static_cast<std::uint8_t>(host[i] ^ mask[i]);
    out.add(xor_mapped_address, Bytes(value).first(4 + host.size()));
    return out.seal(password);
}

}  // namespace patchbay::media
