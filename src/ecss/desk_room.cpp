#include "ecss/desk_room.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "ecss/desk_answers.hpp"
#include "ecss/frame.hpp"
#include "ecss/json.hpp"

namespace patchbay::ecss {
namespace {

constexpr std::string_view agents_event = "agents_info_event", queues_event = "queues_event";

std::string frame_of(std::string_view name, std::vector<Node> content, std::uint64_t offset, bool snapshot) {
    return request_frame(event_id, name,
                         json_from_node(desk_event(name, std::move(content), offset, snapshot)));
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool DeskRoom::Concerned::includes(const Audience& audience) const {
    return contains(operators, audience.operator_id) ||
           (!audience.group.empty() && contains(groups, audience.group));
}

std::size_t DeskRoom::Change::bytes() const {
    const auto names = concerned.operators.size() + concerned.groups.size();
    return sizeof(Change) + frame.size() + names * sizeof(std::string);
}

DeskRoom::Concerned DeskRoom::of_operator(const acd::OperatorView& agent) const {
    return {{agent.id}, {agent.group}};
}

DeskRoom::Concerned DeskRoom::of_queue(const std::string& id) const {
    Concerned concerned;
    const auto queue = queues_.find(id);
    if (queue == queues_.end()) return concerned;
    concerned.operators = queue->second.operator_ids;
    for (const auto& who : concerned.operators) {
        const auto agent = operators_.find(who);
        if (agent == operators_.end() || contains(concerned.groups, agent->second.group)) continue;
        concerned.groups.push_back(agent->second.group);
    }
    return concerned;
}

void DeskRoom::take(const acd::Snapshot& snapshot) {
    const std::scoped_lock lock(mutex_);
    for (const auto& agent : snapshot.operators) {
        const auto known = operators_.find(agent.id);
        after_call(known == operators_.end() ? nullptr : &known->second, agent);
    }
    operators_.clear();
    queues_.clear();
    lines_.clear();
    changes_.clear();
    bytes_ = 0;
    for (const auto& agent : snapshot.operators) operators_[agent.id] = agent;
    for (const auto& queue : snapshot.queues) queues_[queue.id] = queue;
    for (const auto& caller : snapshot.waiting) {
        lines_[caller.queue].emplace(std::pair(caller.since, caller.order), caller);
    }
    floor_ = seen_ = snapshot.offset;
    open_ = true;
    for (auto& [id, client] : clients_) welcome(client);
}

// What an event does to what is known, and whom it is told.
struct DeskRoom::Apply {
    DeskRoom& room;

    void operator()(const acd::OperatorChanged& change) const {
        auto& known = room.operators_[change.now.id];
        const bool is_new = known.id.empty();
        room.after_call(is_new ? nullptr : &known, change.now);
        const auto before = std::exchange(known, change.now);
        const bool is_moved = !is_new && before.group != known.group;
        if (!room.is_untold()) {
            auto concerned = room.of_operator(known);
            // Whose group it was hears that it is theirs no more.
            if (is_moved) concerned.groups.push_back(before.group);
            room.tell(agents_event, agent_node(known), std::move(concerned));
        }
        if (before.supervisor && (is_moved || !known.supervisor)) room.end_sessions(known);
    }
    void operator()(const acd::QueueChanged& change) const {
        if (room.is_untold()) {
            room.queues_[change.now.id] = change.now;
            return;
        }
        // Who served it until now hears that it is theirs no more.
        auto concerned = room.of_queue(change.now.id);
        room.queues_[change.now.id] = change.now;
        auto now = room.of_queue(change.now.id);
        std::ranges::move(now.operators, std::back_inserter(concerned.operators));
        std::ranges::move(now.groups, std::back_inserter(concerned.groups));
        room.tell(queues_event, queue_node(change.now), std::move(concerned));
    }
    void operator()(const acd::CallerQueued& change) const {
        keep(change.caller);
        tell(change.caller, "waiting", {}, {});
    }
    void operator()(const acd::CallerWaiting& change) const {
        keep(change.caller);
        tell(change.caller, "waiting", {}, {});
    }
    void operator()(const acd::CallerOffered& change) const {
        keep(change.caller);
        tell(change.caller, "offered", change.operator_id, change.number);
    }
    void operator()(const acd::CallerLeft& change) const {
        room.lines_[change.caller.queue].erase(place_of(change.caller));
        tell(change.caller, acd::word(change.how), change.operator_id, change.number);
    }
    void operator()(const acd::QueueRemoved& change) const {
        auto concerned = room.of_queue(change.id);
        room.queues_.erase(change.id);
        if (room.is_untold()) return;
        room.tell(queues_event, removed_queue_node(change.id), std::move(concerned));
    }
    void operator()(const acd::OperatorRemoved& change) const {
        const auto known = room.operators_.extract(change.id);
        if (known.empty()) return;
        const auto& agent = known.mapped();
        if (agent.state == acd::OperatorState::acw) {
            room.conversations_.end_after_call(agent.domain, agent.id);
        }
        if (!room.is_untold()) {
            room.tell(agents_event, removed_agent_node(change.id), room.of_operator(agent));
        }
        room.end_sessions(agent);
    }

    static std::pair<Time, std::uint64_t> place_of(const acd::WaitingView& caller) {
        return {caller.since, caller.order};
    }
    void keep(const acd::WaitingView& caller) const {
        room.lines_[caller.queue].insert_or_assign(place_of(caller), caller);
    }
    void tell(const acd::WaitingView& caller, std::string_view state, std::string_view agent_id,
              std::string_view number) const {
        if (room.is_untold()) return;
        room.tell(queues_event, caller_node(caller, state, agent_id, number), room.of_queue(caller.queue));
    }
};

void DeskRoom::take(const acd::Event& event) {
    const std::scoped_lock lock(mutex_);
    if (event.offset <= seen_) return;
    seen_ = event.offset;
    std::visit(Apply{*this}, event.body);
}

// Of who may not hear any more what its clients came for: they hear nothing more, and have to log in again.
void DeskRoom::end_sessions(const acd::OperatorView& person) {
    for (auto& [id, client] : clients_) {
        if (client.session->operator_id == person.id) client.session->end();
    }
    conversations_.end_sessions(person.domain, person.id);
}

void DeskRoom::after_call(const acd::OperatorView* before, const acd::OperatorView& now) {
    const bool worked = before != nullptr && before->state == acd::OperatorState::acw;
    const bool works = now.state == acd::OperatorState::acw;
    if (works && !worked) {
        const auto leg = now.leg || before == nullptr ? now.leg : before->leg;
        if (leg) conversations_.begin_after_call(now.domain, now.id, leg);
    }
    if (worked && !works) conversations_.end_after_call(now.domain, now.id);
}

void DeskRoom::tell(std::string_view name, Node content, Concerned concerned) {
    std::vector<Node> only;
    only.push_back(std::move(content));
    remember({seen_, frame_of(name, std::move(only), seen_, false), std::move(concerned)});
    const auto& change = changes_.back();
    for (auto& [id, client] : clients_) {
        if (client.session->ended() || !change.concerned.includes(client.audience)) continue;
        client.after = seen_;
        client.send(change.frame);
    }
}

// The newest is always kept.
void DeskRoom::remember(Change change) {
    bytes_ += change.bytes();
    while (!changes_.empty() && (changes_.size() == remembered || bytes_ > remembered_bytes)) {
        floor_ = changes_.front().offset;
        bytes_ -= changes_.front().bytes();
        changes_.pop_front();
    }
    changes_.push_back(std::move(change));
}

std::uint64_t DeskRoom::join(Audience audience, LoginSessionPtr session, std::uint64_t after, Send send) {
    const std::scoped_lock lock(mutex_);
    if (is_untold()) floor_ = seen_;
    const auto id = ++last_id_;
    auto& client = clients_[id];
    client = {std::move(audience), std::move(session), after, std::move(send)};
    if (open_) welcome(client);
    return id;
}

void DeskRoom::leave(std::uint64_t id) {
    const std::scoped_lock lock(mutex_);
    clients_.erase(id);
}

// What it missed when that is known, else everything.
void DeskRoom::welcome(Client& client) {
    const bool known = client.after != 0 && client.after >= floor_ && client.after <= seen_;
    if (!known) return send_snapshot(client);
    const auto first = std::ranges::upper_bound(changes_, client.after, {}, &Change::offset);
    for (auto change = first; change != changes_.end(); ++change) {
        if (change->concerned.includes(client.audience)) client.send(change->frame);
    }
    client.after = seen_;
}

void DeskRoom::send_snapshot(Client& client) {
    std::vector<Node> agents, lines;
    for (const auto& [id, agent] : operators_) {
        if (of_operator(agent).includes(client.audience)) agents.push_back(agent_node(agent));
    }
    for (const auto& [id, queue] : queues_) {
        if (of_queue(id).includes(client.audience)) lines.push_back(queue_node(queue));
    }
    for (const auto& [id, line] : lines_) {
        if (of_queue(id).includes(client.audience)) add_line(line, lines);
    }
    client.send(frame_of(agents_event, std::move(agents), seen_, true));
    client.send(frame_of(queues_event, std::move(lines), seen_, true));
    client.after = seen_;
}

// Places move up without an event of their own: they are reckoned here.
void DeskRoom::add_line(const Line& line, std::vector<Node>& nodes) {
    std::size_t position = 0;
    for (auto caller : std::views::values(line)) {
        caller.position = ++position;
        nodes.push_back(waiting_node(caller));
    }
}

}  // namespace patchbay::ecss
