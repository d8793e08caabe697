#include "sip/location.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace patchbay::sip {
namespace {

/// What makes two Contacts the same binding: the instance, or the URI without regard to the case of scheme
/// and host (RFC 3261, section 19.1.4, as far as phones vary what they write).
bool same_contact(const Binding& binding, const Location::Change& change) {
    if (!binding.instance.empty() && binding.instance == change.instance) return true;
    const auto split_user = [](std::string_view uri) {
        const std::size_t at = uri.rfind('@');
        return std::pair{uri.substr(0, at == std::string_view::npos ? 0 : at),
                         at == std::string_view::npos ? uri : uri.substr(at)};
    };
    const auto [user, host] = split_user(binding.contact);
    const auto [other_user, other_host] = split_user(change.contact);
    return user == other_user && iequals(host, other_host);
}

/// The same Call-ID must count upwards (RFC 3261, section 10.3, step 7).
bool out_of_order(const Binding& binding, const Location::Update& update) {
    return binding.call_id == update.call_id && update.cseq <= binding.cseq;
}

Error late() {
    return {"out_of_order", "a newer REGISTER of this phone was already processed"};
}

}  // namespace

std::string address_of_record(std::string_view number, std::string_view domain) {
    return std::string(number) + '@' + lower(domain);
}

Location::Location(Clock& clock, Timers& timers, Limits limits)
    : clock_(clock), timers_(timers), limits_(limits) {}

Location::~Location() {
    for (const auto& [name, record] : records_) timers_.cancel(record.timer);
}

Result<Done> Location::apply(const std::string& name, const Update& update) {
    const auto found = records_.find(name);
    if (found == records_.end() && records_.size() >= limits_.records)
        return Error{"too_many", "no more phones can be registered on this node"};
    std::vector<Binding> bindings = found == records_.end() ? std::vector<Binding>{} : found->second.bindings;

    std::uint64_t arrivals = 0;
    if (update.remove_all) {
        if (std::ranges::any_of(bindings, [&](const Binding& b) { return out_of_order(b, update); }))
            return late();
        bindings.clear();
    }
    for (const Change& change : update.changes) {
        const auto same =
            std::ranges::find_if(bindings, [&](const Binding& b) { return same_contact(b, change); });
        bool arrives = true;
        if (same != bindings.end()) {
            if (out_of_order(*same, update)) return late();
            arrives = same->contact != change.contact || same->flow != update.flow;
            bindings.erase(same);
        }
        if (change.expires == Seconds{0}) continue;
        arrivals += arrives ? 1 : 0;
        if (bindings.size() == limits_.bindings)
            return Error{"too_many", "too many phones are registered at this number"};
        bindings.push_back({change.contact, change.instance, update.flow, update.call_id, update.cseq,
                            change.q, clock_.now() + change.expires, update.user_agent});
    }
    arrivals_ += arrivals;
    note_flow(name, update.flow);
    replace(name, std::move(bindings));
    return Done{};
}

void Location::note_flow(const std::string& record, const Flow& flow) {
    if (flow.bridge.port == 0) return;
    auto& records = on_bridge_[flow.bridge.port];
    if (std::ranges::find(records, record) == records.end()) records.push_back(record);
}

void Location::drop_flow(const Flow& flow) {
    const auto found = on_bridge_.find(flow.bridge.port);
    if (found == on_bridge_.end()) return;
    const auto records = std::move(found->second);
    on_bridge_.erase(found);
    for (const std::string& record : records) {
        std::vector<Binding> bindings = this->bindings(record);
        if (std::erase_if(bindings, [&](const Binding& b) { return b.flow == flow; }) != 0)
            replace(record, std::move(bindings));
    }
}

void Location::drop(const std::string& name) {
    if (reachable(name)) replace(name, {});
}

const std::vector<Binding>& Location::bindings(std::string_view record) const {
    static const std::vector<Binding> none;
    const auto found = records_.find(record);
    return found == records_.end() ? none : found->second.bindings;
}

void Location::each(const std::function<void(const std::string&, const Binding&)>& visit) const {
    for (const auto& [name, record] : records_)
        for (const Binding& binding : record.bindings) visit(name, binding);
}

void Location::restore(const std::string& name, Binding binding) {
    if (binding.expires <= clock_.now()) return;
    std::vector<Binding> bindings = this->bindings(name);
    if (bindings.size() >= limits_.bindings) return;
    bindings.push_back(std::move(binding));
    replace(name, std::move(bindings));
}

/// The record's new bindings: sorted, timed, and told of when the number became reachable or stopped being.
void Location::replace(const std::string& name, std::vector<Binding> bindings) {
    ++version_;
    const bool was_reachable = reachable(name);
    const bool is_reachable = !bindings.empty();
    if (was_reachable) timers_.cancel(records_[name].timer);
    if (is_reachable) {
        std::ranges::stable_sort(bindings, std::ranges::greater{}, &Binding::q);
        const Time first = std::ranges::min_element(bindings, {}, &Binding::expires)->expires;
        Record& record = records_[name];
        record.bindings = std::move(bindings);
        record.timer =
            timers_.after(std::max(first - clock_.now(), Milliseconds{0}), [this, name] { expire(name); });
    } else {
        records_.erase(name);
    }
    if (changed_ && was_reachable != is_reachable) changed_(name, is_reachable);
}

void Location::expire(const std::string& name) {
    std::vector<Binding> bindings = this->bindings(name);
    std::erase_if(bindings, [now = clock_.now()](const Binding& b) { return b.expires <= now; });
    replace(name, std::move(bindings));
}

}  // namespace patchbay::sip
