#include "observe/hep.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "base/metrics.hpp"

namespace patchbay::observe {

namespace {

/// Types of chunks, as the specification numbers them (vendor 0).
enum class Chunk : std::uint16_t {
    family = 1,
    protocol = 2,
    source_v4 = 3,
    target_v4 = 4,
    source_v6 = 5,
    target_v6 = 6,
    source_port = 7,
    target_port = 8,
    seconds = 9,
    microseconds = 10,
    kind = 11,
    capture_id = 12,
    password = 14,
    payload = 15,
    correlation = 17,
};

constexpr std::uint8_t family_v4 = 2, family_v6 = 10;
constexpr std::size_t head = 6;  ///< bytes before the first chunk, and before each one's content

void put16(std::string& out, std::size_t value) {
    out += static_cast<char>(value >> 8U);
    out += static_cast<char>(value);
}

void put(std::string& out, Chunk type, std::string_view content) {
    put16(out, 0);
    put16(out, static_cast<std::size_t>(type));
    put16(out, head + content.size());
    out += content;
}

/// A number of that many bytes, the highest first.
template <typename Number>
void put_number(std::string& out, Chunk type, Number value) {
    std::string bytes;
    for (std::size_t i = sizeof(Number); i > 0; --i)
        bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * (i - 1)));
    put(out, type, bytes);
}

std::string_view bytes_of(const media::Address& address, std::size_t size) {
    static constexpr std::string_view nowhere("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    const auto bytes = address.host_bytes();
    if (bytes.size() != size) return nowhere.substr(0, size);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void put_addresses(std::string& out, const HepPacket& packet) {
    const bool v6 = packet.from.host_bytes().size() == 16 || packet.to.host_bytes().size() == 16;
    const std::size_t size = v6 ? 16 : 4;
    put_number(out, Chunk::family, v6 ? family_v6 : family_v4);
    put_number(out, Chunk::protocol, static_cast<std::uint8_t>(IPPROTO_UDP));
    put(out, v6 ? Chunk::source_v6 : Chunk::source_v4, bytes_of(packet.from, size));
    put(out, v6 ? Chunk::target_v6 : Chunk::target_v4, bytes_of(packet.to, size));
    put_number(out, Chunk::source_port, packet.from.port());
    put_number(out, Chunk::target_port, packet.to.port());
}

}  // namespace

std::string encode(const HepPacket& packet, std::uint32_t capture_id, std::string_view password) {
    constexpr std::int64_t million = 1'000'000;
    std::string out = "HEP3";
    put16(out, 0);  // the whole length, once it is known
    put_addresses(out, packet);
    put_number(out, Chunk::seconds, static_cast<std::uint32_t>(packet.at.count() / million));
    put_number(out, Chunk::microseconds, static_cast<std::uint32_t>(packet.at.count() % million));
    put_number(out, Chunk::kind, static_cast<std::uint8_t>(packet.kind));
    put_number(out, Chunk::capture_id, capture_id);
    if (!password.empty()) put(out, Chunk::password, password);
    if (!packet.correlation.empty()) put(out, Chunk::correlation, packet.correlation);
    put(out, Chunk::payload, packet.payload);
    out[4] = static_cast<char>(out.size() >> 8U);
    out[5] = static_cast<char>(out.size());
    return out;
}

HepSender::HepSender(const config::Hep& settings) : settings_(settings) {
    if (!settings.address) return;
    const auto parsed = media::Address::parse(*settings.address);
    if (!parsed) throw std::runtime_error("hep.address: " + settings.address->address + " is no address");
    collector_ = *parsed;
    socket_ = Descriptor(::socket(collector_.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket_) throw std::runtime_error("hep.address: " + std::generic_category().message(errno));
}

void HepSender::send(const HepPacket& packet) const {
    static auto& sent =
        metrics::counter("patchbay_observe_hep_sent_total", "Packets copied to the collector");
    static auto& dropped = metrics::counter("patchbay_observe_hep_dropped_total",
                                            "Packets that were not copied to the collector");
    if (!on()) return;
    const auto datagram = encode(packet, settings_.capture_id, settings_.password);
    const auto result = ::sendto(socket_.get(), datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                                 collector_.data(), collector_.size());
    (result < 0 ? dropped : sent).add();
}

}  // namespace patchbay::observe
