#include <filesystem>
#include <stdexcept>
#include <string_view>

#include "base/lock_file.hpp"
#include "history/postgres_store.hpp"
#include "history/sqlite_store.hpp"
#include "history/store.hpp"

namespace patchbay::history {

namespace {

constexpr std::string_view sqlite = "sqlite:";

// Where the database is, its folder made when missing.
std::filesystem::path sqlite_path(const std::string& url) {
    std::filesystem::path path = url.substr(sqlite.size());
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
    return path;
}

}  // namespace

Descriptor claim_store(const std::string& url) {
    if (!url.starts_with(sqlite)) return {};
    // However many names the database has, its lock has one.
    const auto path = std::filesystem::weakly_canonical(sqlite_path(url)).string();
    auto held = lock_file(path + ".lock");
    if (held) return std::move(*held);
    if (held.error().code != "in_use") throw std::runtime_error("history: " + held.error().text);
    throw std::runtime_error("history: " + path +
                             " is in use by another server: one SQLite database takes one server");
}

std::unique_ptr<Store> open_store(const std::string& url, const std::string& node) {
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return std::make_unique<PostgresStore>(url, node);
    // The rest of another URL is not repeated: it may hold a password.
    if (!url.starts_with(sqlite))
        throw std::runtime_error("history: unknown kind of store: " + url.substr(0, url.find(':')));
    return std::make_unique<SqliteStore>(sqlite_path(url).string());
}

}  // namespace patchbay::history
