#include <filesystem>
#include <stdexcept>

#include "history/postgres_store.hpp"
#include "history/sqlite_store.hpp"
#include "history/store.hpp"

namespace patchbay::history {

std::unique_ptr<Store> open_store(const std::string& url, const std::string& node) {
    static constexpr std::string_view sqlite = "sqlite:";
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return std::make_unique<PostgresStore>(url, node);
    // The rest of another URL is not repeated: it may hold a password.
    if (!url.starts_with(sqlite))
        throw std::runtime_error("history: unknown kind of store: " + url.substr(0, url.find(':')));
    const std::filesystem::path path = url.substr(sqlite.size());
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
    return std::make_unique<SqliteStore>(path.string());
}

}  // namespace patchbay::history
