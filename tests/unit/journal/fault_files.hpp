// A file system in memory that can be full, cut writes short, fail to sync, and lose its power.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>

#include "journal/files.hpp"
#include "journal/journal.hpp"

namespace patchbay::testing {

/// Thread-safe. Faults are set and taken away at any time.
class FaultFiles final : public journal::Files {
  public:
    struct Faults {
        std::size_t room = SIZE_MAX;  ///< bytes the disk still takes
        std::size_t longest_write = SIZE_MAX;
        bool syncs_fail = false;  ///< and lose what was not synced, as kernels do
        bool opens_fail = false;
    };

    void set(const Faults& faults) {
        const std::scoped_lock lock(mutex_);
        faults_ = faults;
    }
    /// What the disk holds if the power goes now: synced bytes, and of each file's rest some first part,
    /// whose last bytes may be garbage. Files whose name was not synced are gone.
    std::unique_ptr<FaultFiles> after_power_cut(std::uint32_t seed) {
        const std::scoped_lock lock(mutex_);
        auto left = std::make_unique<FaultFiles>();
        left->named_ = named_;
        std::mt19937 random(seed);
        for (const auto& [path, content] : files_) {
            if (!named_.contains(path)) continue;
            auto bytes = content->bytes;
            bytes.resize(content->synced + random() % (bytes.size() - content->synced + 1));
            const auto kept = bytes.size() - content->synced;
            const auto spoiled = kept == 0 ? 0 : random() % kept;
            std::fill(bytes.end() - static_cast<std::ptrdiff_t>(spoiled), bytes.end(), '\0');
            left->files_[path] = std::make_shared<Content>(Content{bytes, bytes.size()});
        }
        return left;
    }
    std::map<std::string, std::string> contents() {
        const std::scoped_lock lock(mutex_);
        std::map<std::string, std::string> all;
        for (const auto& [path, content] : files_) all[path] = content->bytes;
        return all;
    }
    void set_content(const std::string& path, const std::string& bytes) {
        const std::scoped_lock lock(mutex_);
        *files_.at(path) = {bytes, bytes.size()};
    }
    std::size_t syncs() {
        const std::scoped_lock lock(mutex_);
        return syncs_;
    }

    Result<Done> make_folder(const std::string&) override { return Done{}; }
    Result<std::vector<std::string>> list(const std::string& folder) override {
        const std::scoped_lock lock(mutex_);
        std::vector<std::string> names;
        for (const auto& [path, content] : files_)
            if (path.starts_with(folder + "/")) names.push_back(path.substr(folder.size() + 1));
        return names;
    }
    Result<std::shared_ptr<journal::File>> open(const std::string& path, bool create) override {
        const std::scoped_lock lock(mutex_);
        if (faults_.opens_fail) return Error{"io", "open " + path};
        if (create) files_[path] = std::make_shared<Content>();
        const auto found = files_.find(path);
        if (found == files_.end()) return Error{"io", "no file " + path};
        return std::shared_ptr<journal::File>(std::make_shared<OpenFile>(*this, found->second));
    }
    Result<Done> remove(const std::string& path) override {
        const std::scoped_lock lock(mutex_);
        files_.erase(path);
        return Done{};
    }
    Result<Done> sync_folder(const std::string&) override {
        const std::scoped_lock lock(mutex_);
        for (const auto& [path, content] : files_) named_.insert(path);
        return Done{};
    }
    Result<std::shared_ptr<void>> lock_folder(const std::string& path) override {
        const std::scoped_lock lock(mutex_);
        if (!locked_.insert(path).second) return Error{"in_use", path + " is in use"};
        return std::shared_ptr<void>(this, [path](FaultFiles* files) { files->unlock(path); });
    }

  private:
    struct Content {
        std::string bytes;
        std::size_t synced = 0;
    };

    class OpenFile final : public journal::File {
      public:
        OpenFile(FaultFiles& disk, std::shared_ptr<Content> content)
            : disk_(disk), content_(std::move(content)) {}
        Result<std::size_t> append(std::string_view bytes) override {
            const std::scoped_lock lock(disk_.mutex_);
            auto& faults = disk_.faults_;
            const auto taken = std::min({bytes.size(), faults.room, faults.longest_write});
            if (taken == 0) return Error{"disk_full", "no room"};
            faults.room -= faults.room == SIZE_MAX ? 0 : taken;
            content_->bytes.append(bytes.substr(0, taken));
            return taken;
        }
        Result<Done> sync() override {
            const std::scoped_lock lock(disk_.mutex_);
            ++disk_.syncs_;
            if (disk_.faults_.syncs_fail) {
                std::fill(content_->bytes.begin() + static_cast<std::ptrdiff_t>(content_->synced),
                          content_->bytes.end(), '#');
                return Error{"io", "sync failed"};
            }
            content_->synced = content_->bytes.size();
            return Done{};
        }
        void reserve(std::uint64_t) override {}
        Result<Done> truncate(std::uint64_t size) override {
            const std::scoped_lock lock(disk_.mutex_);
            content_->bytes.resize(size);
            content_->synced = std::min<std::size_t>(content_->synced, size);
            return Done{};
        }
        Result<std::size_t> read(std::uint64_t position, std::span<char> into) override {
            const std::scoped_lock lock(disk_.mutex_);
            if (position >= content_->bytes.size()) return std::size_t{0};
            const auto count = std::min<std::size_t>(into.size(), content_->bytes.size() - position);
            std::memcpy(into.data(), content_->bytes.data() + position, count);
            return count;
        }
        Result<std::uint64_t> size() override {
            const std::scoped_lock lock(disk_.mutex_);
            return static_cast<std::uint64_t>(content_->bytes.size());
        }

      private:
        FaultFiles& disk_;
        std::shared_ptr<Content> content_;
    };

    void unlock(const std::string& path) {
        const std::scoped_lock lock(mutex_);
        locked_.erase(path);
    }

    std::mutex mutex_;
    Faults faults_;
    std::size_t syncs_ = 0;
    std::map<std::string, std::shared_ptr<Content>> files_;
    std::set<std::string> named_, locked_;
};

/// A journal whose segments are soon full and which does not wait for a disk that fails.
inline journal::Options small(Milliseconds sync = Milliseconds{0}) {
    journal::Options options;
    options.folder = "journal";
    options.sync = sync;
    options.segment_bytes = 20'000;
    options.patience = Seconds{0};
    return options;
}

}  // namespace patchbay::testing
