#include "traffic.hpp"

#include <algorithm>

namespace patchbay::robot {

TrafficMaker::TrafficMaker(Loop& loop, const Traffic& settings, std::vector<std::unique_ptr<Phone>>& phones)
    : loop_(loop), settings_(settings), phones_(phones) {}

void TrafficMaker::start() {
    for (std::size_t i = 0; i + 1 < phones_.size(); i += 2) {
        phones_[i + 1]->options().answer_after = 2000;
        call_later(i);
    }
}

Milliseconds TrafficMaker::about(double seconds) {
    return Milliseconds(static_cast<int>(seconds * 1000 * std::uniform_real_distribution(0.5, 1.5)(random_)));
}

void TrafficMaker::call_later(std::size_t caller) {
    if (stopped_) return;
    loop_.timers().after(about(settings_.pause), [this, caller] { call_now(caller); });
}

void TrafficMaker::call_now(std::size_t caller) {
    if (stopped_) return;
    auto& phone = *phones_[caller];
    if (!phone.busy()) {
        const auto number = phone.call(phones_[caller + 1]->options().user, {});
        const auto call = phone.find(number);
        phone.facts().once({{"event", "answered"}, {"call", number}}, [this, call] { talk(call); });
    }
    // The next call is planned from here whatever becomes of this one: a refused call ends no traffic.
    loop_.timers().after(about(settings_.talk + settings_.pause), [this, caller] { call_now(caller); });
}

void TrafficMaker::talk(const std::shared_ptr<Call>& call) {
    const auto length = about(settings_.talk);
    const std::weak_ptr<Call> weak = call;
    if (std::bernoulli_distribution(0.3)(random_)) {
        for (const auto& [share, direction] :
             {std::pair{3, sip::sdp::Direction::sendonly}, std::pair{2, sip::sdp::Direction::sendrecv}})
            loop_.timers().after(length / share, [weak, wanted = direction] {
                const auto alive = weak.lock();
                if (alive && !alive->ended()) alive->modify(wanted, false, false, std::nullopt);
            });
    }
    loop_.timers().after(length, [weak] {
        if (const auto alive = weak.lock()) alive->hangup({});
    });
}

}  // namespace patchbay::robot
