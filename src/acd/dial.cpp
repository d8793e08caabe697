#include "acd/dial.hpp"

#include <algorithm>

#include "acd/features.hpp"
#include "acd/seats.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace patchbay::acd {
namespace {

// The phone that dialled is to have hung up before it is rung.
constexpr Milliseconds hang_up_delay{1500};

// Whether the password is that operator's: asked from one phone so often only, as over the network.
bool knows_password(Core& core, const config::Domain& domain, const std::string& number,
                    const std::string& operator_id, const std::string& password) {
    const auto phone = domain.name + '\n' + number;
    if (!core.throttle.allows(phone, operator_id)) {
        log::warning("acd", "{}@{} dials too many wrong passwords", number, domain.name);
        return false;
    }
    const auto* settings = domain.operator_by_id(operator_id);
    if (settings != nullptr && equal_in_constant_time(settings->password, password)) return true;
    core.throttle.count_failure(phone, operator_id);
    return false;
}

bool log_in_by_phone(Core& core, Office& office, const config::Domain& domain, const std::string& number,
                     const std::vector<std::string>& arguments) {
    if (arguments.size() != 2) return false;
    if (!knows_password(core, domain, number, arguments[0], arguments[1])) return false;
    auto* person = office.person(arguments[0]);
    if (person == nullptr) return false;
    if (!log_in(core, office, *person, Login{person->id, number, false})) return false;
    // Until it has hung up, the phone would be found busy.
    core.pass_over(*person, hang_up_delay);
    return true;
}

bool supervise(Core& core, const Office& office, OperatorRecord& supervisor, const FeatureCode& code) {
    constexpr int observe_code = 164;
    const auto* person = code.arguments.empty() ? nullptr : office.person(code.arguments[0]);
    const bool may = person != nullptr && supervisor.supervisor && supervisor.group == person->group;
    if (!may || person->engaged.empty()) return false;
    const auto mode = static_cast<call::SuperviseMode>(code.code - observe_code);
    const auto leg = person->engaged.back().leg;
    core.timers.cancel(supervisor.supervise_timer);
    supervisor.supervise_timer = core.timers.after(hang_up_delay, [&core, &supervisor, leg, mode] {
        supervisor.supervise_timer = {};
        (void)core.command(supervisor.domain, call::Supervise{leg, supervisor.number, mode}).ok();
    });
    return true;
}

bool change_queue(Core& core, Office& office, OperatorRecord& person, const FeatureCode& code) {
    auto* queue = code.arguments.empty() ? nullptr : office.queue(code.arguments[0]);
    if (queue == nullptr) return false;
    const bool serves = std::ranges::find(person.queues, queue) != person.queues.end();
    return join_queue(core, office, person, *queue, !serves).ok();
}

bool act(Core& core, Office& office, OperatorRecord& person, const FeatureCode& code) {
    switch (code.code) {
        case 160:
            // The call that dials this is the operator's own: it is no reason to stay.
            end_session(core, person);
            return true;
        case 161:
            return complete(core, person).ok();
        case 162:
            return take_break(core, person, code.arguments.empty() ? "" : code.arguments[0]).ok();
        case 163:
            return make_available(core, person).ok();
        case 164:
        case 165:
        case 166:
            return supervise(core, office, person, code);
        default:
            return change_queue(core, office, person, code);
    }
}

}  // namespace

bool dial(Core& core, const config::Domain& domain, const std::string& number, std::string_view dialled) {
    const auto code = parse_feature(dialled);
    auto* office = code ? core.roster.office(domain.name) : nullptr;
    if (office == nullptr) return false;
    if (code->code == 160 && !code->arguments.empty()) {
        return log_in_by_phone(core, *office, domain, number, code->arguments);
    }
    auto* person = office->person_at(number);
    return person != nullptr && act(core, *office, *person, *code);
}

}  // namespace patchbay::acd
