#include "base/key_file.hpp"

#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace patchbay {
namespace {

constexpr std::size_t key_size = 32;

}  // namespace

std::string random_key() {
    std::string key(key_size, '\0');
    // So few bytes come whole or not at all.
    if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
        throw std::runtime_error("the system gives no random bytes");
    }
    return key;
}

std::string load_key(const std::filesystem::path& file) {
    if (file.empty()) return random_key();
    const auto fail = [&] { return std::runtime_error("cannot read or make the key " + file.string()); };
    if (std::filesystem::exists(file)) {
        std::ifstream in(file, std::ios::binary);
        std::string key(key_size, '\0');
        if (!in.read(key.data(), key_size)) throw fail();
        return key;
    }
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
    auto key = random_key();
    const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!out || ::write(out.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size())) throw fail();
    return key;
}

}  // namespace patchbay
