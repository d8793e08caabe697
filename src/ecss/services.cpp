#include "ecss/services.hpp"

#include <algorithm>
#include <utility>

namespace patchbay::ecss {

QueueName queue_names_of(std::function<config::ConfigPtr()> config) {
    return [config = std::move(config)](const call::LegFacts& facts) -> std::string {
        if (facts.queue_id.empty()) return {};
        const auto now = config();
        const auto* domain = now->domain(facts.domain);
        if (domain == nullptr) return facts.queue_id;
        const auto queue = std::ranges::find(domain->queues, facts.queue_id, &config::Queue::id);
        return queue == domain->queues.end() || queue->name.empty() ? facts.queue_id : queue->name;
    };
}

void Services::log_in(std::string_view domain, const LoginRequest& request, std::string_view address,
                      std::function<void(Result<Caller>)> done) {
    auto caller = access.by_password(domain, request.login, request.password, address);
    if (!caller || request.number.empty()) return done(std::move(caller));
    const Caller& known = *caller;
    commands.seat(known, request.number,
                  [caller = known, done = std::move(done)](const Result<Done>& seated) {
                      done(seated ? Result<Caller>{caller} : Result<Caller>{seated.error()});
                  });
}

Seconds Services::auto_logout(const Caller& caller) const {
    const auto of_domain = caller.domain->auto_logout;
    return of_domain > Seconds{0} ? of_domain : access.sessions().idle_timeout();
}

}  // namespace patchbay::ecss
