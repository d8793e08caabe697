#include "journal/files.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/lock_file.hpp"

namespace patchbay::journal {
namespace {

Error system_error(const std::string& doing) {
    const int number = errno;
    return {number == ENOSPC || number == EDQUOT ? "disk_full" : "io",
            doing + ": " + std::generic_category().message(number)};
}

// Repeats a system call that a signal broke off.
template <typename Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

class DiskFile final : public File {
  public:
    DiskFile(Descriptor descriptor, std::string path)
        : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

    Result<std::size_t> append(std::string_view bytes) override {
        const auto written =
            uninterrupted([&] { return ::write(descriptor_.get(), bytes.data(), bytes.size()); });
        if (written < 0) return system_error("write " + path_);
        return static_cast<std::size_t>(written);
    }
    Result<Done> sync() override {
        if (uninterrupted([&] { return ::fdatasync(descriptor_.get()); }) != 0)
            return system_error("sync " + path_);
        return Done{};
    }
    void reserve(std::uint64_t size) override {
        static_cast<void>(::fallocate(descriptor_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)));
    }
    Result<Done> truncate(std::uint64_t size) override {
        if (uninterrupted([&] { return ::ftruncate(descriptor_.get(), static_cast<off_t>(size)); }) != 0)
            return system_error("truncate " + path_);
        return Done{};
    }
    Result<std::size_t> read(std::uint64_t position, std::span<char> into) override {
        const auto got = uninterrupted([&] {
            return ::pread(descriptor_.get(), into.data(), into.size(), static_cast<off_t>(position));
        });
        if (got < 0) return system_error("read " + path_);
        return static_cast<std::size_t>(got);
    }
    Result<std::uint64_t> size() override {
        struct stat status {};
        if (::fstat(descriptor_.get(), &status) != 0) return system_error("stat " + path_);
        return static_cast<std::uint64_t>(status.st_size);
    }

  private:
    Descriptor descriptor_;
    std::string path_;
};

class DiskFiles final : public Files {
  public:
    Result<Done> make_folder(const std::string& path) override {
        std::error_code error;
        std::filesystem::create_directories(path, error);
        if (error) return Error{"io", "make " + path + ": " + error.message()};
        return Done{};
    }
    Result<std::vector<std::string>> list(const std::string& folder) override {
        std::error_code error;
        std::vector<std::string> names;
        for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
             at.increment(error))
            names.push_back(at->path().filename().string());
        if (error) return Error{"io", "list " + folder + ": " + error.message()};
        return names;
    }
    Result<std::shared_ptr<File>> open(const std::string& path, bool create) override {
        const int flags = O_RDWR | O_APPEND | O_CLOEXEC | (create ? O_CREAT | O_TRUNC : 0);
        Descriptor descriptor(uninterrupted([&] { return ::open(path.c_str(), flags, 0640); }));
        if (!descriptor) return system_error("open " + path);
        return std::shared_ptr<File>(std::make_shared<DiskFile>(std::move(descriptor), path));
    }
    Result<Done> remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0) return system_error("remove " + path);
        return Done{};
    }
    Result<Done> sync_folder(const std::string& path) override {
        const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder || ::fsync(folder.get()) != 0) return system_error("sync " + path);
        return Done{};
    }
    Result<std::shared_ptr<void>> lock_folder(const std::string& path) override {
        auto held = lock_file(path + "/lock");
        if (!held && held.error().code == "in_use")
            return Error{"in_use", path + " is in use by another process"};
        if (!held) return held.error();
        return std::shared_ptr<void>(std::make_shared<Descriptor>(std::move(*held)));
    }
};

}  // namespace

Files& disk_files() {
    static DiskFiles files;
    return files;
}

}  // namespace patchbay::journal
