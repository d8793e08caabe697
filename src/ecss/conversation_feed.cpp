#include "ecss/conversation_feed.hpp"

#include <algorithm>
#include <utility>

#include "call/cause.hpp"

namespace patchbay::ecss {
namespace {

constexpr char of_operator = 'o';
constexpr char of_group = 'g';
constexpr std::size_t changes_in_frame = 100;
constexpr std::string_view after_call_state = "acw", finished_state = "finished";

void write_key(std::string& key, char kind, std::string_view domain, std::string_view name) {
    key.assign(1, kind).append(domain).append(1, '\n').append(name);
}

bool concerns(const Audience& audience, const call::LegFacts& facts) {
    if (facts.operator_id.empty() || facts.domain != audience.domain) return false;
    return facts.operator_id == audience.operator_id ||
           (!audience.group.empty() && facts.group == audience.group) ||
           std::ranges::find(audience.others, facts.operator_id) != audience.others.end();
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
           !std::holds_alternative<call::RecordingChanged>(event.body) &&
           !std::holds_alternative<call::FaxChanged>(event.body);
}

}  // namespace

ConversationFeed::ConversationFeed(journal::Feed& journal, QueueName queue_name)
    : journal_(journal), queue_name_(std::move(queue_name)), start_(journal.newest()) {
    // A few events change nothing here, so this is at most what `remembered` holds.
    const auto newest = start_;
    const auto kept = journal.oldest() > 0 ? journal.oldest() - 1 : 0;
    floor_.offset = seen_.offset = std::max(kept, newest > remembered ? newest - remembered : 0);
    subscription_ =
        journal.subscribe(seen_.offset, [this](std::span<const call::Event> events) { take(events); });
}

ConversationFeed::~ConversationFeed() {
    subscription_.reset();
}

void ConversationFeed::take(std::span<const call::Event> events) {
    const std::scoped_lock lock(mutex_);
    for (const auto& event : events) {
        seen_ = {event.offset, 0};
        apply(event);
    }
}

void ConversationFeed::apply(const call::Event& event) {
    auto place = live_.find(event.leg);
    if (!changes_conversation(event)) {
        const bool changes_talk = talks_.take(event, place == live_.end() ? nullptr : &place->second.leg);
        if (changes_talk) tell_of_conference(event.call, {});
        return;
    }
    if (place == live_.end()) {
        // Legs that began before what the journal gave us are not known and not told of.
        if (!std::holds_alternative<call::LegStarted>(event.body)) return;
        place = live_.try_emplace(event.leg).first;
        place->second.leg.id = event.leg;
    }
    auto& conversation = place->second;
    see(conversation, event);
    const bool changes_talk = talks_.take(event, &conversation.leg);
    const bool has_ended = std::holds_alternative<call::LegEnded>(event.body);
    conversation.conference = !has_ended && talks_.is_conference(event.call);
    conversation.consults = !has_ended && talks_.consults(event.call, event.leg);
    const auto& facts = conversation.leg.facts;
    if (facts && !facts->operator_id.empty()) {
        remember(conversation);
        if (has_ended) ended(conversation);
    }
    if (has_ended) live_.erase(place);
    if (!changes_talk) return;
    tell_of_conference(event.call, event.leg);
    if (const auto* moved = std::get_if<call::LegMoved>(&event.body)) tell_of_conference(moved->from, {});
}

// The leg as the event leaves it.
void ConversationFeed::see(Conversation& conversation, const call::Event& event) {
    auto& leg = conversation.leg;
    if (const auto* facts = facts_of(event)) leg.facts = *facts;
    if (const auto* started = std::get_if<call::LegStarted>(&event.body)) leg.role = started->role;
    if (const auto* changed = std::get_if<call::LegChanged>(&event.body)) leg.role = changed->role;
    leg.call = event.call;
    leg.state = event.state;
    leg.park_slot = 0;
    if (std::holds_alternative<call::LegConnected>(event.body) && leg.answered == Time{})
        leg.answered = event.at;
    if (const auto* parked = std::get_if<call::LegParked>(&event.body)) {
        leg.park_slot = parked_slot_ = parked->slot;
        parked_in_ = event.call;
    }
    const auto* end = std::get_if<call::LegEnded>(&event.body);
    if (end == nullptr) return;
    leg.state = call::LegState::ended;
    conversation.released = event.at;
    // Who parked is told where.
    const bool has_parked = end->cause.slug == call::causes::parked.slug && parked_in_ == event.call;
    if (has_parked) leg.park_slot = parked_slot_;
}

// The call is a conference now, or no more: for all who are in it but the leg that is told already.
void ConversationFeed::tell_of_conference(CallRef call, LegId but) {
    const bool conference = talks_.is_conference(call);
    for (const auto id : talks_.legs(call)) {
        const auto place = live_.find(id);
        if (id == but || place == live_.end() || place->second.conference == conference) continue;
        place->second.conference = conference;
        place->second.consults = talks_.consults(call, id);
        const auto& facts = place->second.leg.facts;
        if (!facts || facts->operator_id.empty()) continue;
        ++seen_.step;
        remember(place->second);
    }
}

void ConversationFeed::remember(Conversation conversation) {
    if (changes_.size() == remembered) {
        floor_ = changes_.front().at;
        changes_.pop_front();
    }
    changes_.push_back(Change{seen_, std::move(conversation)});
    tell(changes_.back());
}

ConversationFeed::AfterCall& ConversationFeed::after_call_of(std::string_view domain,
                                                             std::string_view operator_id) {
    write_key(key_, of_operator, domain, operator_id);
    return after_calls_[key_];
}

// Kept until the next one ends: the desk says later whether there is something to finish.
void ConversationFeed::ended(const Conversation& conversation) {
    const auto& leg = conversation.leg;
    auto& work = after_call_of(leg.facts->domain, leg.facts->operator_id);
    if (work.begun && work.leg != leg.id) return;
    work.last = conversation;
    tell_after_call(work);
}

void ConversationFeed::tell_after_call(AfterCall& work) {
    if (!work.begun || !work.last || work.last->leg.id != work.leg) return;
    ++seen_.step;
    work.last->state = work.finished ? finished_state : after_call_state;
    remember(*work.last);
    if (work.finished) work = {};
}

void ConversationFeed::begin_after_call(std::string_view domain, std::string_view operator_id, LegId leg) {
    const std::scoped_lock lock(mutex_);
    auto& work = after_call_of(domain, operator_id);
    if (work.last && work.last->leg.id != leg) work.last.reset();
    work.leg = leg;
    work.begun = true;
    work.finished = false;
    tell_after_call(work);
}

void ConversationFeed::end_after_call(std::string_view domain, std::string_view operator_id) {
    const std::scoped_lock lock(mutex_);
    auto& work = after_call_of(domain, operator_id);
    if (!work.begun) return;
    work.finished = true;
    tell_after_call(work);
}

std::optional<Conversation> ConversationFeed::unfinished(std::string_view domain,
                                                         std::string_view operator_id) {
    const std::scoped_lock lock(mutex_);
    const auto& work = after_call_of(domain, operator_id);
    return work.begun ? work.last : std::nullopt;
}

std::vector<Conversation> ConversationFeed::conversations_of(std::span<const call::LegView> legs) {
    std::vector<Conversation> conversations;
    conversations.reserve(legs.size());
    const std::scoped_lock lock(mutex_);
    for (const auto& leg : legs) {
        Conversation one{leg};
        one.conference = talks_.is_conference(leg.call);
        one.consults = talks_.consults(leg.call, leg.id);
        conversations.push_back(std::move(one));
    }
    return conversations;
}

void ConversationFeed::end_sessions(std::string_view domain, std::string_view operator_id) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, client] : clients_) {
        auto& session = *client->session;
        if (session.domain == domain && session.operator_id == operator_id) session.end();
    }
}

void ConversationFeed::tell(const Change& change) {
    if (index_.empty()) return;
    ConversationNews news({&change.conversation, 1}, change.at, false, queue_name_);
    const auto& facts = *change.conversation.leg.facts;
    tell(clients_of(of_operator, facts.domain, facts.operator_id), news);
    if (!facts.group.empty()) tell(clients_of(of_group, facts.domain, facts.group), news);
}

void ConversationFeed::tell(const ClientList* clients, ConversationNews& news) {
    if (clients == nullptr) return;
    for (const auto& client : *clients) {
        if (client->session->ended() || news.at() <= client->after) continue;
        client->after = news.at();  // a supervisor's own conversation is found twice
        client->send(news);
    }
}

std::unique_ptr<ConversationFeed::Place> ConversationFeed::join(Audience audience, LoginSessionPtr session,
                                                                std::optional<Position> after, Send send) {
    const std::scoped_lock lock(mutex_);
    const auto id = ++last_id_;
    auto client =
        std::make_shared<Client>(Client{std::move(audience), std::move(session), {}, std::move(send)});
    if (after && knows(*after)) {
        client->after = *after;
        send_missed(*client);
    } else {
        client->after = seen_;
        send_snapshot(*client);
    }
    clients_.emplace(id, client);
    for_each_key(client->audience, [&] { index_[key_].push_back(client); });
    return std::make_unique<Place>(*this, id);
}

// An event may be in the journal that has not come here yet: its offset is known all the same. What came
// after an event and is not the journal's is not known of an earlier run.
bool ConversationFeed::knows(Position after) const {
    if (after.step > 0 && after.offset <= start_) return false;
    return after >= floor_ && (after <= seen_ || (after.step == 0 && after.offset <= journal_.newest()));
}

void ConversationFeed::send_snapshot(Client& client) {
    std::vector<Conversation> all;
    for (const auto& [id, conversation] : live_) {
        const auto& facts = conversation.leg.facts;
        if (facts && concerns(client.audience, *facts)) all.push_back(conversation);
    }
    for (const auto& [who, work] : after_calls_) {
        const bool unfinished = work.begun && work.last;
        if (unfinished && concerns(client.audience, *work.last->leg.facts)) all.push_back(*work.last);
    }
    std::ranges::sort(all, {}, [](const Conversation& each) { return each.leg.id; });
    ConversationNews news(all, client.after, true, queue_name_);
    client.send(news);
}

void ConversationFeed::send_missed(Client& client) {
    const auto first =
        std::ranges::upper_bound(changes_, client.after, {}, [](const Change& change) { return change.at; });
    std::vector<Conversation> missed;
    const auto flush = [&] {
        if (missed.empty()) return;
        ConversationNews news(missed, client.after, false, queue_name_);
        client.send(news);
        missed.clear();
    };
    for (auto change = first; change != changes_.end(); ++change) {
        if (!concerns(client.audience, *change->conversation.leg.facts)) continue;
        missed.push_back(change->conversation);
        client.after = change->at;
        if (missed.size() == changes_in_frame) flush();
    }
    flush();
}

void ConversationFeed::leave(std::uint64_t id) {
    const std::scoped_lock lock(mutex_);
    const auto place = clients_.find(id);
    const auto client = place->second;
    clients_.erase(place);
    for_each_key(client->audience, [&] {
        const auto list = index_.find(key_);
        std::erase(list->second, client);
        if (list->second.empty()) index_.erase(list);
    });
}

// With key_ set to each under which the audience is found.
template <typename Do>
void ConversationFeed::for_each_key(const Audience& audience, Do action) {
    write_key(key_, of_operator, audience.domain, audience.operator_id);
    action();
    for (const auto& other : audience.others) {
        write_key(key_, of_operator, audience.domain, other);
        action();
    }
    if (audience.group.empty()) return;
    write_key(key_, of_group, audience.domain, audience.group);
    action();
}

const ConversationFeed::ClientList* ConversationFeed::clients_of(char kind, std::string_view domain,
                                                                 std::string_view name) {
    write_key(key_, kind, domain, name);
    const auto found = index_.find(key_);
    return found == index_.end() ? nullptr : &found->second;
}

}  // namespace patchbay::ecss
