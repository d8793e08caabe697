// What Opus itself costs, without a server around it: codec_cost SECONDS STREAMS encodes and decodes a frame
// of speech for each stream every 20 ms, with the settings that the server has for a call with a G.711 phone.
// Ends with one line of JSON: microseconds of CPU for one frame of one stream.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "media/codec.hpp"
#include "support/speech.hpp"
#include "voices.hpp"

namespace {

using namespace patchbay;

double cpu_seconds() {
    timespec spent{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

struct Stream {
    std::unique_ptr<media::Encoder> encoder;
    std::unique_ptr<media::Decoder> decoder;
};

std::vector<Stream> make_streams(int count) {
    const media::Format format{.codec = media::Codec::opus, .clock_rate = 48000};
    std::vector<Stream> streams;
    for (int i = 0; i < count; ++i)
        streams.push_back({media::make_encoder(format, media::narrow_rate),
                           media::make_decoder(format, media::narrow_rate)});
    return streams;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3 || std::atoi(argv[2]) < 1) {
        std::fputs("usage: codec_cost SECONDS STREAMS\n", stderr);
        return 2;
    }
    const int ticks = std::atoi(argv[1]) * 50;
    const auto streams = make_streams(std::atoi(argv[2]));
    const auto said = testing::speech(media::narrow_rate, 8);
    const auto packets = bench::speak(media::Codec::opus).payloads;
    constexpr std::size_t size = media::samples_of_frame(media::narrow_rate);
    std::vector<std::uint8_t> payload(media::largest_payload);
    std::vector<std::int16_t> heard(media::largest_packet_samples);
    const double begin = cpu_seconds();
    auto next = std::chrono::steady_clock::now();
    for (int tick = 0; tick < ticks; ++tick) {
        for (std::size_t i = 0; i < streams.size(); ++i) {
            const std::size_t place = static_cast<std::size_t>(tick) + i * 37;  // each says something else
            streams[i].decoder->decode(packets[place % packets.size()], heard);
            streams[i].encoder->encode(std::span(said).subspan(place % (said.size() / size) * size, size),
                                       payload);
        }
        next += std::chrono::milliseconds(20);
        std::this_thread::sleep_until(next);
    }
    const double spent = cpu_seconds() - begin;
    std::printf("{\"frame_us\":%.2f}\n", spent * 1e6 / ticks / static_cast<double>(streams.size()));
    return 0;
}
