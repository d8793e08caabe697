// room: media
// The entry of a DTLS handshake, as client and as server: no datagrams bring it to keys, for none comes from
// a peer of the fingerprint.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/dtls.hpp"

using namespace patchbay::media;

/// The first byte chooses the role; then each datagram is two bytes of length and itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const DtlsIdentity identity;
    if (size == 0) return 0;
    const auto ignore = [](std::span<const std::uint8_t>) {};
    DtlsAssociation association(identity, {*identity.fingerprint(), (data[0] & 1) != 0});
    association.start(ignore);
    for (std::size_t at = 1; at + 2 <= size;) {
        const std::size_t length = (data[at] * 256U + data[at + 1]) % 1500;
        at += 2;
        const std::size_t end = at + length < size ? at + length : size;
        association.receive({data + at, data + end}, ignore);
        at = end;
    }
    association.repeat(ignore);
    if (association.keys()) std::abort();
    return 0;
}
