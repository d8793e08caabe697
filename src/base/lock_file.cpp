#include "base/lock_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>

namespace patchbay {

Result<Descriptor> lock_file(const std::string& path) {
    const auto failed = [&](const char* doing) {
        return Error{"io", doing + path + ": " + std::generic_category().message(errno)};
    };
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
    if (!file) return failed("open ");
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return file;
    if (errno == EWOULDBLOCK) return Error{"in_use", path + " is held by another process"};
    return failed("lock ");
}

}  // namespace patchbay
