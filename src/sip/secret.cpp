#include "sip/secret.hpp"

#include <stdexcept>
#include <string_view>

#include <openssl/rand.h>

namespace patchbay::sip {

void fill_with_secrets(std::span<std::uint8_t> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("no randomness for keys");
}

std::string secret_word(std::size_t length) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string word(length, '\0');
    fill_with_secrets({reinterpret_cast<std::uint8_t*>(word.data()), word.size()});
    for (char& c : word) c = letters[static_cast<unsigned char>(c) % letters.size()];
    return word;
}

}  // namespace patchbay::sip
