#include "call/directory.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "call/command.hpp"

namespace patchbay::call {
namespace {

bool is_lower(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

void Directory::reload(config::ConfigPtr config) {
    config_ = std::move(config);
    domains_.clear();
    for (const auto& domain : config_->domains) {
        auto name = lower(domain.name);
        auto numbers = numbers_of(domain, seats_[name]);
        domains_.insert_or_assign(std::move(name), std::move(numbers));
    }
}

Directory::Numbers Directory::numbers_of(const config::Domain& domain, const TextMap<std::string>& seats) {
    Numbers numbers;
    numbers.domain = &domain;
    numbers.places.reserve(domain.extensions.size());
    for (const auto& extension : domain.extensions) numbers.places[extension.number].extension = &extension;
    for (const auto& queue : domain.queues) {
        numbers.queues_by_number[queue.number] = &queue;
        numbers.queues_by_id[queue.id] = &queue;
    }
    const auto sit = [&](const config::Operator& person, const std::string& number) {
        const auto place = numbers.places.find(number);
        if (place != numbers.places.end()) place->second.seated = &person;
    };
    for (const auto& person : domain.operators) {
        if (!seats.contains(person.id)) sit(person, person.number);
    }
    for (const auto& person : domain.operators) {
        if (const auto seat = seats.find(person.id); seat != seats.end()) sit(person, seat->second);
    }
    return numbers;
}

void Directory::go_home(Numbers& numbers, const TextMap<std::string>& seats, const config::Operator& person) {
    if (seats.contains(person.id)) return;
    const auto place = numbers.places.find(person.number);
    if (place == numbers.places.end() || place->second.seated != nullptr) return;
    place->second.seated = &person;
}

Directory::Numbers* Directory::find(std::string_view domain) {
    const auto found = is_lower(domain) ? domains_.find(domain) : domains_.find(lower(domain));
    return found == domains_.end() ? nullptr : &found->second;
}

const Directory::Numbers* Directory::find(std::string_view domain) const {
    const auto found = is_lower(domain) ? domains_.find(domain) : domains_.find(lower(domain));
    return found == domains_.end() ? nullptr : &found->second;
}

const config::Domain* Directory::domain(std::string_view name) const {
    const auto* numbers = find(name);
    return numbers == nullptr ? nullptr : numbers->domain;
}

std::optional<Party> Directory::extension(std::string_view domain, std::string_view number) const {
    const auto* numbers = find(domain);
    if (numbers == nullptr) return std::nullopt;
    const auto found = numbers->places.find(number);
    if (found == numbers->places.end()) return std::nullopt;
    const auto& place = found->second;
    Party party;
    party.number = place.extension->number;
    party.display_name = place.extension->name;
    if (place.seated != nullptr) {
        party.display_name = place.seated->name;
        party.operator_id = place.seated->id;
        party.group = place.seated->group;
    }
    return party;
}

bool Directory::records_party(const LegFacts& facts) const {
    const auto* numbers = find(facts.domain);
    if (numbers == nullptr || !facts.trunk.empty()) return false;
    const auto place = numbers->places.find(facts.number);
    if (place == numbers->places.end()) return false;
    const auto& [extension, seated] = place->second;
    return extension->record || (seated != nullptr && seated->record);
}

bool Directory::records_queue(const LegFacts& facts) const {
    const auto* named = facts.queue_id.empty() ? nullptr : queue(facts.domain, facts.queue_id);
    return named != nullptr && named->record;
}

Sound Directory::music(std::string_view domain_name, std::string_view queue_id) const {
    const auto* waits_in = queue_id.empty() ? nullptr : queue(domain_name, queue_id);
    if (waits_in != nullptr && !waits_in->music.empty()) return Sound::named(waits_in->music);
    const auto* settings = domain(domain_name);
    return settings == nullptr || settings->music.empty() ? Sound::music : Sound::named(settings->music);
}

std::string Directory::number_of(std::string_view domain, std::string_view operator_id) const {
    const auto* numbers = find(domain);
    const auto* person = numbers == nullptr ? nullptr : numbers->domain->operator_by_id(operator_id);
    if (person == nullptr) return {};
    auto number = person->number;
    if (const auto seats = seats_.find(lower(domain)); seats != seats_.end()) {
        if (const auto seat = seats->second.find(operator_id); seat != seats->second.end()) {
            number = seat->second;
        }
    }
    const auto place = numbers->places.find(number);
    return place != numbers->places.end() && place->second.seated == person ? number : std::string();
}

const config::Queue* Directory::queue_at(std::string_view domain, std::string_view number) const {
    const auto* numbers = find(domain);
    if (numbers == nullptr) return nullptr;
    const auto found = numbers->queues_by_number.find(number);
    return found == numbers->queues_by_number.end() ? nullptr : found->second;
}

std::string Directory::group_of_queue(std::string_view domain, std::string_view id) const {
    const auto* of = this->domain(domain);
    const auto* served = queue(domain, id);
    if (of == nullptr || served == nullptr) return {};
    for (const auto& operator_id : served->operators) {
        const auto* person = of->operator_by_id(operator_id);
        if (person != nullptr && !person->group.empty()) return person->group;
    }
    return {};
}

const config::FaxNumber* Directory::fax_at(std::string_view domain, std::string_view number) const {
    const auto* numbers = find(domain);
    return numbers == nullptr ? nullptr : numbers->domain->fax(number);
}

const config::Queue* Directory::queue(std::string_view domain, std::string_view id) const {
    const auto* numbers = find(domain);
    if (numbers == nullptr) return nullptr;
    const auto found = numbers->queues_by_id.find(id);
    return found == numbers->queues_by_id.end() ? nullptr : found->second;
}

Result<Done> Directory::seat(std::string_view domain, const std::string& operator_id,
                             const std::string& number) {
    auto* numbers = find(domain);
    const auto* person = numbers == nullptr ? nullptr : numbers->domain->operator_by_id(operator_id);
    if (person == nullptr) {
        return Error{std::string(refusal::invalid), "there is no operator " + operator_id};
    }
    const auto place = numbers->places.find(number);
    if (!number.empty() && place == numbers->places.end()) {
        return Error{std::string(refusal::no_such_number), "there is no extension " + number};
    }
    auto& seats = seats_[lower(domain)];
    const auto left = number_of(domain, operator_id);
    if (!left.empty()) numbers->places.find(left)->second.seated = nullptr;
    const config::Operator* displaced = nullptr;
    if (number.empty()) {
        seats.erase(operator_id);
    } else {
        seats[operator_id] = number;
        displaced = std::exchange(place->second.seated, person);
        if (displaced != nullptr) seats.erase(displaced->id);
    }
    go_home(*numbers, seats, *person);
    if (displaced != nullptr) go_home(*numbers, seats, *displaced);
    for (const auto& other : numbers->domain->operators) {
        if (!left.empty() && other.number == left) go_home(*numbers, seats, other);
    }
    return Done{};
}

}  // namespace patchbay::call
