#include "facts.hpp"

#include <algorithm>
#include <string>

#include <boost/json/serialize.hpp>
#include <unistd.h>

namespace patchbay::robot {

namespace {

void write_line(std::string line) {
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto written = write(STDOUT_FILENO, rest.data(), rest.size());
        if (written <= 0) return;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

bool fits(const Json& pattern, const Json& fact) {
    return std::ranges::all_of(pattern, [&](const auto& wanted) {
        const auto* value = fact.if_contains(wanted.key());
        return value != nullptr && *value == wanted.value();
    });
}

}  // namespace

void Facts::emit(std::string_view event, Json fields) {
    Json fact;
    fact["event"] = event;
    if (phone_ > 0) fact["phone"] = phone_;
    for (auto& field : fields) fact[field.key()] = std::move(field.value());
    write_line(boost::json::serialize(fact));
    const auto first =
        std::ranges::find_if(triggers_, [&](const Trigger& trigger) { return fits(trigger.pattern, fact); });
    if (first == triggers_.end()) return;
    const auto action = std::move(first->action);
    triggers_.erase(first);
    action();
}

void Facts::once(Json pattern, std::function<void()> action) {
    triggers_.push_back({std::move(pattern), std::move(action)});
}

}  // namespace patchbay::robot
