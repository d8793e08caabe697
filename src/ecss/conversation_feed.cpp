#include "ecss/conversation_feed.hpp"

#include <algorithm>

#include "ecss/answers.hpp"
#include "ecss/frame.hpp"
#include "ecss/json.hpp"

namespace patchbay::ecss {
namespace {

constexpr char of_operator = 'o';
constexpr char of_group = 'g';
constexpr std::size_t legs_in_frame = 100;

void write_key(std::string& key, char kind, std::string_view domain, std::string_view name) {
    key.assign(1, kind).append(domain).append(1, '\n').append(name);
}

bool concerns(const Audience& audience, const call::LegFacts& facts) {
    if (facts.operator_id.empty() || facts.domain != audience.domain) return false;
    return facts.operator_id == audience.operator_id ||
           (!audience.group.empty() && facts.group == audience.group);
}

std::string event_frame(std::span<const call::LegView> legs, std::uint64_t offset, bool snapshot) {
    return request_frame(event_id, "conversations_event",
                         json_from_node(conversations_event(legs, offset, snapshot)));
}

// The facts an event brings, if it brings any.
const call::LegFactsPtr* facts_of(const call::Event& event) {
    if (const auto* started = std::get_if<call::LegStarted>(&event.body)) return &started->facts;
    if (const auto* changed = std::get_if<call::LegChanged>(&event.body)) return &changed->facts;
    return nullptr;
}

// Does the event change anything that a conversation shows?
bool changes_conversation(const call::Event& event) {
    return event.leg && !std::holds_alternative<call::TransferStarted>(event.body) &&
           !std::holds_alternative<call::TransferEnded>(event.body) &&
           !std::holds_alternative<call::DtmfPressed>(event.body) &&
           !std::holds_alternative<call::RecordingChanged>(event.body);
}

}  // namespace

ConversationFeed::ConversationFeed(journal::Feed& journal) : journal_(journal) {
    // A few events change nothing here, so this is at most what `remembered` holds.
    const auto newest = journal.newest();
    const auto kept = journal.oldest() > 0 ? journal.oldest() - 1 : 0;
    floor_ = seen_ = std::max(kept, newest > remembered ? newest - remembered : 0);
    subscription_ = journal.subscribe(seen_, [this](std::span<const call::Event> events) { take(events); });
}

ConversationFeed::~ConversationFeed() {
    subscription_.reset();
}

void ConversationFeed::take(std::span<const call::Event> events) {
    const std::scoped_lock lock(mutex_);
    for (const auto& event : events) {
        apply(event);
        seen_ = event.offset;
    }
}

void ConversationFeed::apply(const call::Event& event) {
    if (!changes_conversation(event)) return;
    const auto* facts = facts_of(event);
    auto place = live_.find(event.leg);
    if (place == live_.end()) {
        // Legs that began before what the journal gave us are not known and not told of.
        if (!std::holds_alternative<call::LegStarted>(event.body)) return;
        place = live_.try_emplace(event.leg).first;
        place->second.id = event.leg;
    }
    call::LegView& leg = place->second;
    if (facts != nullptr) leg.facts = *facts;
    leg.call = event.call;
    leg.state = event.state;
    if (std::holds_alternative<call::LegConnected>(event.body) && leg.answered == Time{})
        leg.answered = event.at;
    const bool ended = std::holds_alternative<call::LegEnded>(event.body);
    if (ended) leg.state = call::LegState::ended;
    if (leg.facts && !leg.facts->operator_id.empty()) {
        if (changes_.size() == remembered) {
            floor_ = changes_.front().offset;
            changes_.pop_front();
        }
        changes_.push_back(Change{event.offset, leg});
        tell(changes_.back());
    }
    if (ended) live_.erase(place);
}

void ConversationFeed::tell(const Change& change) {
    if (index_.empty()) return;
    std::string frame;
    const auto& facts = *change.leg.facts;
    tell(clients_of(of_operator, facts.domain, facts.operator_id), change, frame);
    if (!facts.group.empty()) tell(clients_of(of_group, facts.domain, facts.group), change, frame);
}

void ConversationFeed::tell(const ClientList* clients, const Change& change, std::string& frame) {
    if (clients == nullptr) return;
    for (const auto& client : *clients) {
        if (client->session->ended() || change.offset <= client->after) continue;
        client->after = change.offset;  // a supervisor's own conversation is found twice
        if (frame.empty()) frame = event_frame({&change.leg, 1}, change.offset, false);
        client->send(frame);
    }
}

std::unique_ptr<ConversationFeed::Place> ConversationFeed::join(Audience audience, LoginSessionPtr session,
                                                                std::optional<std::uint64_t> after,
                                                                Send send) {
    const auto newest = journal_.newest();
    const std::scoped_lock lock(mutex_);
    const auto id = ++last_id_;
    auto client =
        std::make_shared<Client>(Client{std::move(audience), std::move(session), 0, std::move(send)});
    if (after && *after >= floor_ && *after <= std::max(seen_, newest)) {
        client->after = *after;
        send_missed(*client);
    } else {
        client->after = seen_;
        send_snapshot(*client);
    }
    clients_.emplace(id, client);
    write_key(key_, of_operator, client->audience.domain, client->audience.operator_id);
    index_[key_].push_back(client);
    if (!client->audience.group.empty()) {
        write_key(key_, of_group, client->audience.domain, client->audience.group);
        index_[key_].push_back(client);
    }
    return std::make_unique<Place>(*this, id);
}

void ConversationFeed::send_snapshot(Client& client) {
    std::vector<call::LegView> legs;
    for (const auto& [id, leg] : live_) {
        if (leg.facts && concerns(client.audience, *leg.facts)) legs.push_back(leg);
    }
    std::ranges::sort(legs, {}, &call::LegView::id);
    client.send(event_frame(legs, client.after, true));
}

void ConversationFeed::send_missed(Client& client) {
    const auto first = std::ranges::upper_bound(changes_, client.after, {},
                                                [](const Change& change) { return change.offset; });
    std::vector<call::LegView> legs;
    const auto flush = [&] {
        if (!legs.empty()) client.send(event_frame(legs, client.after, false));
        legs.clear();
    };
    for (auto change = first; change != changes_.end(); ++change) {
        if (!concerns(client.audience, *change->leg.facts)) continue;
        legs.push_back(change->leg);
        client.after = change->offset;
        if (legs.size() == legs_in_frame) flush();
    }
    flush();
}

void ConversationFeed::leave(std::uint64_t id) {
    const std::scoped_lock lock(mutex_);
    const auto place = clients_.find(id);
    const auto client = place->second;
    clients_.erase(place);
    const auto drop = [&](char kind, const std::string& name) {
        write_key(key_, kind, client->audience.domain, name);
        const auto list = index_.find(key_);
        std::erase(list->second, client);
        if (list->second.empty()) index_.erase(list);
    };
    drop(of_operator, client->audience.operator_id);
    if (!client->audience.group.empty()) drop(of_group, client->audience.group);
}

const ConversationFeed::ClientList* ConversationFeed::clients_of(char kind, std::string_view domain,
                                                                 std::string_view name) {
    write_key(key_, kind, domain, name);
    const auto found = index_.find(key_);
    return found == index_.end() ? nullptr : &found->second;
}

}  // namespace patchbay::ecss
