#include "call/routing.hpp"

#include "base/text.hpp"
#include "call/cause.hpp"

namespace patchbay::call {
namespace {

struct WayOut {
    const config::Trunk* trunk = nullptr;
    const config::TrunkOutbound* rule = nullptr;
};

bool goes_out_by(const config::TrunkOutbound& rule, std::string_view dialled) {
    const auto strip = static_cast<std::size_t>(rule.strip);
    return dialled.starts_with(rule.prefix) && dialled.size() > strip;
}

WayOut way_out(const config::Domain& domain, std::string_view dialled) {
    WayOut best;
    for (const auto& trunk : domain.trunks) {
        for (const auto& rule : trunk.outbound) {
            if (!goes_out_by(rule, dialled)) continue;
            if (best.rule == nullptr || rule.prefix.size() > best.rule->prefix.size()) best = {&trunk, &rule};
        }
    }
    return best;
}

bool is_slot(const config::CallLimits& limits, std::string_view dialled) {
    const auto number = to_number(dialled);
    return number && *number >= limits.first_park_slot && *number <= limits.last_park_slot;
}

}  // namespace

Route route(const Directory& directory, std::string_view domain, std::string_view dialled,
            bool may_call_out) {
    if (dialled.empty()) return ToNothing{causes::no_such_number};
    if (auto party = directory.extension(domain, dialled)) return ToExtension{std::move(*party)};
    if (const auto* queue = directory.queue_at(domain, dialled)) return ToQueue{queue->id, queue->number};
    // A fax machine talks with nobody: setup.cpp alone leads there.
    if (directory.fax_at(domain, dialled) != nullptr) return ToNothing{causes::no_such_number};
    if (is_slot(directory.config().calls, dialled)) {
        return ToSlot{static_cast<int>(*to_number(dialled))};
    }
    const auto* settings = directory.domain(domain);
    if (settings == nullptr) return ToNothing{causes::no_such_number};
    const auto out = way_out(*settings, dialled);
    if (out.rule == nullptr) return ToNothing{causes::no_such_number};
    if (!may_call_out) return ToNothing{causes::forbidden};
    return ToTrunk{out.trunk->name, std::string(dialled.substr(static_cast<std::size_t>(out.rule->strip))),
                   out.rule->caller_id};
}

std::optional<std::string> number_of_did(const Directory& directory, std::string_view domain,
                                         std::string_view trunk, std::string_view did) {
    const auto* settings = directory.domain(domain);
    const auto* found = settings == nullptr ? nullptr : settings->trunk(trunk);
    if (found == nullptr) return std::nullopt;
    const auto number = found->inbound.numbers.find(std::string(did));
    if (number == found->inbound.numbers.end()) return std::nullopt;
    return number->second;
}

}  // namespace patchbay::call
