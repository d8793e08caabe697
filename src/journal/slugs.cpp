#include "journal/slugs.hpp"

#include <mutex>
#include <set>
#include <string>

#include "call/cause.hpp"

namespace patchbay::journal {

std::string_view keep_slug(std::string_view slug) {
    static constexpr std::size_t longest = 64;
    static constexpr std::size_t most = 4096;
    if (const auto cause = call::cause_named(slug)) return cause->slug;
    static std::mutex mutex;
    static std::set<std::string, std::less<>> kept;
    const std::scoped_lock lock(mutex);
    if (const auto found = kept.find(slug); found != kept.end()) return *found;
    if (slug.size() > longest || kept.size() >= most) return "unknown";
    return *kept.emplace(slug).first;
}

}  // namespace patchbay::journal
