// Sends and receives the audio of many calls: rtp_load SECONDS < list, one line a call: the port of party A,
// where A sends to, the port of party B, where B sends to; then A's own SRTP key and the key it is sent
// under, and B's, in base64 for AEAD_AES_128_GCM, or - for plain RTP. Both send G.711 every 20 ms: the time,
// so that one sees how long it was under way; or speech, when the second argument is `speech`, or `opus`:
// then B speaks Opus. Ends with one line of JSON: packets sent and received, and how long they were under
// way.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base64.hpp"
#include "media/srtp.hpp"
#include "voices.hpp"

namespace {

using patchbay::media::SrtpReceiver;
using patchbay::media::SrtpSender;
using patchbay::media::SrtpSuite;

using Clock = std::chrono::steady_clock;

constexpr std::size_t header = 12, payload = 160, largest_payload = patchbay::media::largest_payload;
constexpr int slots = 20;  // a packet's 20 ms are cut into slots, so that the calls' packets are spread

struct Stream {
    int fd = -1;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0, ssrc = 0;
    std::unique_ptr<SrtpSender> seal;  // none: plain
    std::unique_ptr<SrtpReceiver> open;
    const patchbay::bench::Voices* says = nullptr;  // none: the time
    std::size_t next = 0;                           // of its payloads
};

struct Totals {
    std::uint64_t sent = 0, received = 0;
    std::vector<float> delays;  // milliseconds
};

std::uint64_t now_ns() {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count());
}

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int open_stream(int local, int remote) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    const auto from = loopback(local), to = loopback(remote);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0 ||
        ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        throw std::runtime_error("rtp_load: a port cannot be had");
    }
    return fd;
}

template <typename Context>
std::unique_ptr<Context> context_of(const char* text) {
    if (std::strcmp(text, "-") == 0) return nullptr;
    const auto bytes = patchbay::from_base64(text);
    patchbay::media::SrtpKey key;
    if (!bytes || bytes->size() != 28) throw std::runtime_error("rtp_load: a key is none");
    std::copy(bytes->begin(), bytes->end(), key.bytes.begin());
    return std::make_unique<Context>(SrtpSuite::aead_aes_128_gcm, key);
}

std::vector<Stream> read_streams() {
    std::vector<Stream> streams;
    std::array<std::array<int, 2>, 2> ports{};
    std::array<std::array<char, 64>, 4> keys{};
    while (std::scanf("%d %d %d %d %63s %63s %63s %63s", &ports[0][0], &ports[0][1], &ports[1][0],
                      &ports[1][1], keys[0].data(), keys[1].data(), keys[2].data(), keys[3].data()) == 8) {
        for (std::size_t side = 0; side < 2; ++side) {
            const auto [local, remote] = ports[side];
            streams.push_back({open_stream(local, remote), 0, 0, static_cast<std::uint32_t>(local),
                               context_of<SrtpSender>(keys[2 * side].data()),
                               context_of<SrtpReceiver>(keys[2 * side + 1].data()), nullptr, 0});
        }
    }
    return streams;
}

/// Has the first and the second party of each call say that, each from another place on.
void give_voices(std::vector<Stream>& streams, const patchbay::bench::Voices& a,
                 const patchbay::bench::Voices& b) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
        streams[i].says = i % 2 == 0 ? &a : &b;
        streams[i].next = i * 37 % streams[i].says->payloads.size();
    }
}

/// Writes what the stream says next behind the header. Returns how many bytes of payload.
std::size_t write_payload(Stream& stream, unsigned char* out) {
    if (stream.says == nullptr) {
        const auto sent_at = now_ns();
        std::memcpy(out, &sent_at, sizeof sent_at);
        return payload;
    }
    const auto& said = stream.says->payloads[stream.next];
    stream.next = (stream.next + 1) % stream.says->payloads.size();
    std::ranges::copy(said, out);
    return said.size();
}

void send_one(Stream& stream, Totals& totals) {
    alignas(8) std::array<unsigned char, header + largest_payload + patchbay::media::srtp_overhead> packet{};
    std::fill_n(packet.begin(), header + payload, static_cast<unsigned char>(0xD5));
    packet[0] = 0x80;
    packet[1] = stream.says == nullptr ? 8 : stream.says->payload_type;
    packet[2] = static_cast<unsigned char>(stream.sequence >> 8U);
    packet[3] = static_cast<unsigned char>(stream.sequence);
    const auto timestamp = htonl(stream.timestamp), ssrc = htonl(stream.ssrc);
    std::memcpy(&packet[4], &timestamp, 4);
    std::memcpy(&packet[8], &ssrc, 4);
    std::size_t size = header + write_payload(stream, &packet[header]);
    ++stream.sequence;
    stream.timestamp += stream.says == nullptr ? payload : stream.says->ticks;
    if (size == header) return;  // silence that Opus leaves out
    if (stream.seal) size = stream.seal->seal(packet, size, false).value_or(0);
    if (::send(stream.fd, packet.data(), size, 0) > 0) ++totals.sent;
}

/// How many streams had something.
int receive_all(int epoll, std::vector<Stream>& streams, Totals& totals, int wait_ms) {
    std::array<epoll_event, 256> events{};
    const int ready = ::epoll_wait(epoll, events.data(), events.size(), wait_ms);
    alignas(8) std::array<unsigned char, 2048> packet{};
    for (int i = 0; i < ready; ++i) {
        Stream& stream = streams[events[static_cast<std::size_t>(i)].data.u32];
        for (;;) {
            const auto length = ::recv(stream.fd, packet.data(), packet.size(), 0);
            if (length < static_cast<ssize_t>(header + sizeof(std::uint64_t))) break;
            if (stream.open &&
                !stream.open->open(std::span(packet).first(static_cast<std::size_t>(length)), false)) {
                continue;
            }
            std::uint64_t sent_at = 0;
            std::memcpy(&sent_at, &packet[header], sizeof sent_at);
            const auto now = now_ns();
            ++totals.received;
            // What is no time of this run is silence that the server made by itself, or speech.
            if (stream.says == nullptr && sent_at <= now && now - sent_at < 5'000'000'000U &&
                totals.received % 16 == 0) {
                totals.delays.push_back(static_cast<float>(now - sent_at) / 1e6F);
            }
        }
    }
    return ready;
}

float percentile(std::vector<float>& values, double part) {
    if (values.empty()) return 0;
    const auto at =
        values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

void run(std::vector<Stream>& streams, int seconds, Totals& totals) {
    const int epoll = ::epoll_create1(0);
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u32 = i;
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, streams[i].fd, &event);
    }
    const auto start = Clock::now();
    const long all_slots = seconds * 1000L;
    for (long slot = 0; slot < all_slots; ++slot) {
        for (std::size_t i = static_cast<std::size_t>(slot % slots); i < streams.size(); i += slots) {
            send_one(streams[i], totals);
        }
        const auto next = start + std::chrono::milliseconds(slot + 1);
        do {
            receive_all(epoll, streams, totals, 0);
            if (Clock::now() < next) std::this_thread::sleep_for(std::chrono::microseconds(100));
        } while (Clock::now() < next);
    }
    // What is under way is not lost. But a server that sends by itself goes on working, and that is none of
    // the load's: nothing is waited for that is not missing.
    constexpr int quiet_ms = 200;
    const auto longest = Clock::now() + std::chrono::seconds(3);
    while (totals.received < totals.sent && Clock::now() < longest &&
           receive_all(epoll, streams, totals, quiet_ms) > 0) {
    }
    ::close(epoll);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) {
        std::fputs("usage: rtp_load SECONDS [speech | opus] < list of calls\n", stderr);
        return 2;
    }
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    try {
        auto streams = read_streams();
        const auto mine = patchbay::bench::speak(patchbay::media::Codec::pcma);
        const bool opus = argc == 3 && std::strcmp(argv[2], "opus") == 0;
        const auto theirs = opus ? patchbay::bench::speak(patchbay::media::Codec::opus) : mine;
        if (argc == 3) give_voices(streams, mine, theirs);
        Totals totals;
        run(streams, std::atoi(argv[1]), totals);
        std::printf("{\"sent\":%llu,\"received\":%llu,\"delay_p50_ms\":%.3f,\"delay_p99_ms\":%.3f}\n",
                    static_cast<unsigned long long>(totals.sent),
                    static_cast<unsigned long long>(totals.received),
                    static_cast<double>(percentile(totals.delays, 0.5)),
                    static_cast<double>(percentile(totals.delays, 0.99)));
        for (const auto& stream : streams) ::close(stream.fd);
        return 0;
    } catch (const std::exception& wrong) {
        std::fprintf(stderr, "%s\n", wrong.what());
        return 1;
    }
}
