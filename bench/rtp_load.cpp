// Sends and receives the audio of many calls: rtp_load SECONDS < list, one line a call: the port of party A,
// where A sends to, the port of party B, where B sends to. Both speak G.711 every 20 ms. Ends with one line
// of JSON: packets sent and received, and how long they were under way.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t header = 12, payload = 160;
constexpr int slots = 20;  // a packet's 20 ms are cut into slots, so that the calls' packets are spread

struct Stream {
    int fd = -1;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0, ssrc = 0;
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

std::vector<Stream> read_streams() {
    std::vector<Stream> streams;
    int a = 0, a_to = 0, b = 0, b_to = 0;
    while (std::scanf("%d %d %d %d", &a, &a_to, &b, &b_to) == 4) {
        streams.push_back({open_stream(a, a_to), 0, 0, static_cast<std::uint32_t>(a)});
        streams.push_back({open_stream(b, b_to), 0, 0, static_cast<std::uint32_t>(b)});
    }
    return streams;
}

void send_one(Stream& stream, Totals& totals) {
    std::array<unsigned char, header + payload> packet{};
    packet.fill(0xD5);
    packet[0] = 0x80;
    packet[1] = 8;
    packet[2] = static_cast<unsigned char>(stream.sequence >> 8U);
    packet[3] = static_cast<unsigned char>(stream.sequence);
    const auto timestamp = htonl(stream.timestamp), ssrc = htonl(stream.ssrc);
    std::memcpy(&packet[4], &timestamp, 4);
    std::memcpy(&packet[8], &ssrc, 4);
    const auto sent_at = now_ns();
    std::memcpy(&packet[header], &sent_at, sizeof sent_at);
    ++stream.sequence;
    stream.timestamp += payload;
    if (::send(stream.fd, packet.data(), packet.size(), 0) > 0) ++totals.sent;
}

void receive_all(int epoll, std::vector<Stream>& streams, Totals& totals, int wait_ms) {
    std::array<epoll_event, 256> events{};
    const int ready = ::epoll_wait(epoll, events.data(), events.size(), wait_ms);
    std::array<unsigned char, 2048> packet{};
    for (int i = 0; i < ready; ++i) {
        const int fd = streams[events[static_cast<std::size_t>(i)].data.u32].fd;
        for (;;) {
            const auto length = ::recv(fd, packet.data(), packet.size(), 0);
            if (length < static_cast<ssize_t>(header + sizeof(std::uint64_t))) break;
            std::uint64_t sent_at = 0;
            std::memcpy(&sent_at, &packet[header], sizeof sent_at);
            const auto now = now_ns();
            ++totals.received;
            // What is no time of this run is silence that the server made by itself.
            if (sent_at <= now && now - sent_at < 5'000'000'000U && totals.received % 16 == 0) {
                totals.delays.push_back(static_cast<float>(now - sent_at) / 1e6F);
            }
        }
    }
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
    receive_all(epoll, streams, totals, 100);
    ::close(epoll);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: rtp_load SECONDS < list of calls\n", stderr);
        return 2;
    }
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    try {
        auto streams = read_streams();
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
