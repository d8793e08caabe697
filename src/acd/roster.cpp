#include "acd/roster.hpp"

#include <algorithm>

#include "acd/meters.hpp"
#include "base/text.hpp"

namespace patchbay::acd {
namespace {

template <typename Map>
auto* found_in(const Map& map, std::string_view id) {
    const auto found = map.find(id);
    using Record = typename Map::mapped_type::element_type;
    if (found == map.end() || found->second->is_gone) return static_cast<Record*>(nullptr);
    return found->second.get();
}

template <typename Map>
auto& made_in(Map& map, const std::string& id) {
    auto& record = map[id];
    if (!record) record = std::make_unique<typename Map::mapped_type::element_type>();
    record->is_gone = false;
    return *record;
}

void serve(QueueRecord& queue, OperatorRecord& person) {
    const auto level = queue.settings.levels.find(person.id);
    queue.servers.push_back({&person, level == queue.settings.levels.end() ? 100 : level->second});
    person.queues.push_back(&queue);
}

OperatorRecord& plain_number(Office& office, const std::string& number) {
    auto& record = made_in(office.numbers, number);
    record.domain = office.name;
    record.id = record.number = number;
    record.is_number = record.logged_in = true;
    return record;
}

void assign_queue(Office& office, QueueRecord& queue) {
    queue.servers.clear();
    queue.numbers.clear();
    if (queue.is_gone) return;
    const auto left = [&](const std::string& id) {
        const auto change = queue.changes.find(id);
        return change != queue.changes.end() && !change->second;
    };
    for (const auto& id : queue.settings.operators) {
        auto* person = office.person(id);
        if (person != nullptr && !left(id)) serve(queue, *person);
    }
    for (const auto& [id, joined] : queue.changes) {
        auto* person = office.person(id);
        const bool listed = std::ranges::find(queue.settings.operators, id) != queue.settings.operators.end();
        if (joined && !listed && person != nullptr) serve(queue, *person);
    }
    for (const auto& number : queue.settings.numbers) {
        auto& record = plain_number(office, number);
        queue.numbers.push_back(&record);
        record.queues.push_back(&queue);
    }
}

}  // namespace

OperatorRecord* Office::person(std::string_view id) const {
    return found_in(operators, id);
}

OperatorRecord* Office::person_at(std::string_view number) const {
    for (const auto& [id, person] : operators) {
        if (person->logged_in && person->number == number) return person.get();
    }
    return nullptr;
}

QueueRecord* Office::queue(std::string_view id) const {
    auto* by_id = found_in(queues, id);
    return by_id != nullptr ? by_id : queue_at(id);
}

QueueRecord* Office::queue_at(std::string_view number) const {
    for (const auto& [id, queue] : queues) {
        if (!queue->is_gone && queue->settings.number == number) return queue.get();
    }
    return nullptr;
}

void Roster::load(Office& office, const config::Domain& domain) {
    office.name = domain.name;
    office.auto_logout = domain.auto_logout;
    office.only_one_session = domain.only_one_session;
    office.extensions.clear();
    for (const auto& extension : domain.extensions) office.extensions[extension.number] = extension.name;
    for (const auto& settings : domain.operators) {
        auto& person = made_in(office.operators, settings.id);
        person.domain = domain.name;
        person.id = settings.id;
        person.name = settings.name;
        person.group = settings.group;
        person.supervisor = settings.supervisor;
        person.home = settings.number;
        if (!person.meters) person.meters = std::make_shared<OperatorMeters>(domain.name, settings.id);
    }
    for (const auto& settings : domain.queues) {
        auto& queue = made_in(office.queues, settings.id);
        queue.domain = domain.name;
        queue.settings = settings;
        queue.was_removed = false;
        if (!queue.meters) queue.meters = std::make_shared<QueueMeters>(domain.name, settings.id);
    }
}

void Roster::reload(const config::Config& config) {
    for (auto& [name, office] : offices_) {
        for (auto& [id, person] : office.operators) person->is_gone = true;
        for (auto& [id, queue] : office.queues) queue->is_gone = true;
    }
    for (const auto& domain : config.domains) load(offices_[lower(domain.name)], domain);
    for (auto& [name, office] : offices_) assign(office);
}

void Roster::assign(Office& office) {
    for (auto& [id, person] : office.operators) person->queues.clear();
    for (auto& [number, record] : office.numbers) record->queues.clear();
    for (auto& [id, queue] : office.queues) assign_queue(office, *queue);
}

Office* Roster::office(std::string_view domain) {
    auto found = offices_.find(domain);
    if (found == offices_.end()) found = offices_.find(lower(domain));
    return found == offices_.end() ? nullptr : &found->second;
}

}  // namespace patchbay::acd
