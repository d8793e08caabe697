#include "media/g711.hpp"

#include <algorithm>
#include <bit>

namespace patchbay::media {

namespace {

// ITU-T G.711 writes a sample as sign, segment (3 bits) and step in the segment (4 bits). Magnitudes are of
// 13 bits in A law, whose even bits are inverted on the line, and of 14 in µ law, whose bits are all
// inverted.
constexpr std::uint8_t a_line_mask = 0x55;
constexpr int mu_bias = 33;
constexpr int mu_largest = 8191 - mu_bias;

constexpr std::int16_t a_decode(std::uint8_t byte) {
    const int plain = byte ^ a_line_mask;
    const int segment = (plain >> 4) & 7;
    const int step = plain & 15;
    const int magnitude = segment == 0 ? 2 * step + 1 : (2 * step + 33) << (segment - 1);
    return static_cast<std::int16_t>(((plain & 0x80) != 0 ? magnitude : -magnitude) * 8);
}

constexpr std::int16_t mu_decode(std::uint8_t byte) {
    const int plain = byte ^ 0xFF;
    const int segment = (plain >> 4) & 7;
    const int step = plain & 15;
    const int magnitude = ((2 * step + mu_bias) << segment) - mu_bias;
    return static_cast<std::int16_t>(((plain & 0x80) != 0 ? -magnitude : magnitude) * 4);
}

/// How many bits the magnitude takes.
constexpr int bits(int magnitude) {
    return static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude)));
}

/// `sample` of 13 bits, -4096 to 4095.
constexpr std::uint8_t a_encode(int sample) {
    const int sign = sample >= 0 ? 0x80 : 0;
    const int magnitude = sample >= 0 ? sample : -sample - 1;
    const int segment = std::max(bits(magnitude) - 5, 0);
    const int step = (magnitude >> std::max(segment, 1)) & 15;
    return static_cast<std::uint8_t>((sign | segment << 4 | step) ^ a_line_mask);
}

/// `sample` of 14 bits, -8192 to 8191.
constexpr std::uint8_t mu_encode(int sample) {
    const int sign = sample < 0 ? 0x80 : 0;
    const int magnitude = std::min(sample < 0 ? -sample : sample, mu_largest) + mu_bias;
    const int segment = bits(magnitude) - 6;
    const int step = (magnitude >> (segment + 1)) & 15;
    return static_cast<std::uint8_t>((sign | segment << 4 | step) ^ 0xFF);
}

using Decoding = std::array<std::int16_t, 256>;
using Encoding = std::array<std::uint8_t, 16384>;

constexpr Decoding make_decoding(Codec codec) {
    Decoding table{};
    for (unsigned byte = 0; byte < table.size(); ++byte) {
        const auto coded = static_cast<std::uint8_t>(byte);
        table[byte] = codec == Codec::pcma ? a_decode(coded) : mu_decode(coded);
    }
    return table;
}

constexpr Encoding make_encoding(Codec codec) {
    Encoding table{};
    for (int index = 0; index < static_cast<int>(table.size()); ++index) {
        const int sample = index - 8192;
        table[static_cast<unsigned>(index)] =
            codec == Codec::pcma ? a_encode(sample >> 1) : mu_encode(sample);
    }
    return table;
}

constexpr std::array decodings{make_decoding(Codec::pcma), make_decoding(Codec::pcmu)};
constexpr std::array encodings{make_encoding(Codec::pcma), make_encoding(Codec::pcmu)};

constexpr std::size_t place(Codec codec) {
    return codec == Codec::pcma ? 0 : 1;
}

constexpr std::uint8_t look_up(const Encoding& table, std::int16_t sample) {
    return table[static_cast<unsigned>((sample >> 2) + 8192)];
}

constexpr std::array<std::uint8_t, 256> make_recoding(Codec from, Codec to) {
    std::array<std::uint8_t, 256> table{};
    for (unsigned byte = 0; byte < table.size(); ++byte) {
        table[byte] = from == to ? static_cast<std::uint8_t>(byte)
                                 : look_up(encodings[place(to)], decodings[place(from)][byte]);
    }
    return table;
}

constexpr std::array recodings{
    std::array{make_recoding(Codec::pcma, Codec::pcma), make_recoding(Codec::pcma, Codec::pcmu)},
    std::array{make_recoding(Codec::pcmu, Codec::pcma), make_recoding(Codec::pcmu, Codec::pcmu)}};

}  // namespace

std::uint8_t encode(Codec codec, std::int16_t sample) {
    return look_up(encodings[place(codec)], sample);
}

std::int16_t decode(Codec codec, std::uint8_t byte) {
    return decodings[place(codec)][byte];
}

std::size_t encode(Codec codec, std::span<const std::int16_t> samples, std::span<std::uint8_t> out) {
    const Encoding& table = encodings[place(codec)];
    const std::size_t count = std::min(samples.size(), out.size());
    for (std::size_t i = 0; i < count; ++i) out[i] = look_up(table, samples[i]);
    return count;
}

std::size_t decode(Codec codec, std::span<const std::uint8_t> bytes, std::span<std::int16_t> out) {
    const Decoding& table = decodings[place(codec)];
    const std::size_t count = std::min(bytes.size(), out.size());
    for (std::size_t i = 0; i < count; ++i) out[i] = table[bytes[i]];
    return count;
}

const std::array<std::uint8_t, 256>& recoding(Codec from, Codec to) {
    return recodings[place(from)][place(to)];
}

std::uint8_t silence(Codec codec) {
    return encode(codec, 0);
}

}  // namespace patchbay::media
