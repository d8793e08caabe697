// room: media
// Datagrams on the port of a protected leg, one after another: first byte says how they are taken (RFC 7983).
// Nothing of them may reach the audio, for none was made with the keys.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "media/packet_kind.hpp"
#include "media/security.hpp"

using namespace patchbay::media;

namespace {

const Address peer = *Address::parse({"192.0.2.1", 4000});
const Moment now{};

Security make_leg(const DtlsIdentity& identity, bool by_dtls) {
    Security security(identity);
    const IceCredentials ours{"abcd", "abcdefghijklmnopqrstuvwx"}, theirs{"efgh", "abcdefghijklmnopqrstuvwx"};
    if (by_dtls) {
        security.agree({DtlsPeer{*identity.fingerprint(), false}, Ice{ours, theirs}}, now);
    } else {
        security.agree({SdesKeys{}, {}}, now);
    }
    return security;
}

void take(Security& security, std::vector<std::uint8_t> packet) {
    const auto ignore = [](std::span<const std::uint8_t>, const Address&) {};
    switch (packet_kind(packet)) {
        case PacketKind::stun:
            security.take_check(packet, peer, ignore);
            break;
        case PacketKind::dtls:
            security.take_dtls(packet, peer, peer, ignore, now);
            break;
        case PacketKind::rtp:
        case PacketKind::rtcp:
            if (security.by_dtls() &&
                !security.open(packet, packet_kind(packet) == PacketKind::rtcp, now).empty())
                std::abort();
            if (!security.by_dtls()) security.open(packet, packet_kind(packet) == PacketKind::rtcp, now);
            break;
        case PacketKind::other:
            break;
    }
}

}  // namespace

/// The first byte chooses the leg; then each packet is two bytes of length and itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const DtlsIdentity identity;
    if (size == 0) return 0;
    Security security = make_leg(identity, (data[0] & 1) != 0);
    for (std::size_t at = 1; at + 2 <= size;) {
        const std::size_t length = (data[at] * 256U + data[at + 1]) % 1500;
        at += 2;
        const std::size_t end = at + length < size ? at + length : size;
        take(security, std::vector<std::uint8_t>(data + at, data + end));
        at = end;
    }
    return 0;
}
