#include "config/consistency.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/announcing.hpp"

namespace patchbay::config {
namespace {

// The node at `names` below `root`, or the nearest one above it that exists, so that a line can be given.
YAML::Node place(const YAML::Node& root, std::initializer_list<std::string> names) {
    YAML::Node at(root);
    for (const auto& name : names) {
        if (!at.IsMap() || !at[name]) return at;
        at.reset(at[name]);
    }
    return at;
}

void check_sip(const Config& config, const YAML::Node& root, Report& report) {
    const auto& sip = config.sip;
    if (!sip.udp && !sip.tcp && !sip.tls) {
        report.add(place(root, {"sip"}), "sip", "no transport: expected at least one of udp, tcp and tls");
    }
    if (sip.tls && !sip.tls_files) {
        report.add(place(root, {"sip", "tls"}), "sip.tls", "needs sip.tls_files with certificate and key");
    }
    if (sip.min_expires > sip.max_expires) {
        report.add(place(root, {"sip", "min_expires"}), "sip.min_expires", "is more than sip.max_expires");
    }
    if (sip.min_session_expires > sip.session_expires) {
        report.add(place(root, {"sip", "min_session_expires"}), "sip.min_session_expires",
                   "is more than sip.session_expires");
    }
    if (config.calls.first_park_slot > config.calls.last_park_slot) {
        report.add(place(root, {"calls"}), "calls.first_park_slot", "is more than calls.last_park_slot");
    }
}

constexpr auto no_such_sound = "there is no such sound in media.sounds";

// One domain with the place it stands in the file.
class DomainCheck {
  public:
    DomainCheck(const Domain& domain, const YAML::Node& node, Report& report)
        : domain_(domain), node_(node), report_(report) {}

    void run(const Config& config) {
        extensions(config.calls);
        operators();
        queues();
        sounds(config.media.sounds);
        faxes();
        trunks();
        applications();
    }

  private:
    void add(const std::string& list, std::size_t index, const std::string& field,
             const std::string& message) {
        const auto item = node_[list][index];
        report_.add(item[field] ? item[field] : item,
                    "domains." + domain_.name + "." + list + "[" + std::to_string(index) + "]." + field,
                    message);
    }

    void extensions(const CallLimits& calls) {
        std::set<int> ids;
        for (std::size_t i = 0; i < domain_.extensions.size(); ++i) {
            const auto& extension = domain_.extensions[i];
            if (!ids.insert(extension.id).second) add("extensions", i, "id", "another extension has this id");
            if (!numbers_.insert(extension.number).second) {
                add("extensions", i, "number", "another extension has this number");
            }
            const auto number = to_number(extension.number);
            if (number && *number >= calls.first_park_slot && *number <= calls.last_park_slot) {
                add("extensions", i, "number",
                    "is a parking slot (calls.first_park_slot to calls.last_park_slot)");
            }
        }
    }

    void operators() {
        std::set<std::string> seats;
        for (std::size_t i = 0; i < domain_.operators.size(); ++i) {
            const auto& person = domain_.operators[i];
            if (!operators_.insert(person.id).second)
                add("operators", i, "id", "another operator has this id");
            if (person.number.empty()) continue;
            if (!domain_.extension(person.number))
                add("operators", i, "number", "no extension has this number");
            if (!seats.insert(person.number).second) {
                add("operators", i, "number", "another operator works at this number");
            }
        }
    }

    void queues() {
        for (std::size_t i = 0; i < domain_.queues.size(); ++i) {
            const auto& queue = domain_.queues[i];
            if (!numbers_.insert(queue.number).second) add("queues", i, "number", "this number is taken");
            if (!queues_.insert(queue.id).second) add("queues", i, "id", "another queue has this id");
            for (const auto& [id, level] : queue.levels) {
                if (std::ranges::find(queue.operators, id) == queue.operators.end())
                    add("queues", i, "levels", "operator '" + id + "' does not serve this queue");
            }
            if (queue.overflow == queue.number) add("queues", i, "overflow", "is the queue's own number");
            for (const auto& id : queue.operators) {
                if (!operators_.contains(id))
                    add("queues", i, "operators", "there is no operator '" + id + "'");
            }
        }
    }

    void sounds(const SoundFiles& files) {
        if (!domain_.music.empty() && !files.contains(domain_.music))
            report_.add(place(node_, {"music"}), "domains." + domain_.name + ".music", no_such_sound);
        for (std::size_t i = 0; i < domain_.queues.size(); ++i) {
            const auto& queue = domain_.queues[i];
            if (!queue.music.empty() && !files.contains(queue.music))
                add("queues", i, "music", no_such_sound);
            for (const auto& sound : queue.welcome) {
                if (!files.contains(sound)) add("queues", i, "welcome", "'" + sound + "': " + no_such_sound);
            }
            const auto missing = missing_sounds(queue.announce, files);
            if (missing.empty()) continue;
            const auto item = node_["queues"][i];
            report_.warn(item["announce"],
                         "domains." + domain_.name + ".queues[" + std::to_string(i) + "].announce",
                         "not all of it can be said: media.sounds has no " +
                             fmt::format("{}", fmt::join(missing, ", ")));
        }
    }

    void faxes() {
        for (std::size_t i = 0; i < domain_.faxes.size(); ++i) {
            if (!numbers_.insert(domain_.faxes[i].number).second)
                add("faxes", i, "number", "this number is taken");
        }
    }

    void trunks() {
        std::set<std::string> names;
        for (std::size_t i = 0; i < domain_.trunks.size(); ++i) {
            const auto& trunk = domain_.trunks[i];
            if (!names.insert(trunk.name).second) add("trunks", i, "name", "another trunk has this name");
            if (trunk.register_ && trunk.user.empty())
                add("trunks", i, "register", "needs a user and a password");
            for (const auto& [outside, number] : trunk.inbound.numbers) {
                if (!numbers_.contains(number)) {
                    add("trunks", i, "inbound",
                        "'" + outside + "' rings '" + number + "', which is no number here");
                }
            }
        }
    }

    void applications() {
        std::set<std::string> ids;
        for (std::size_t i = 0; i < domain_.applications.size(); ++i) {
            if (!ids.insert(domain_.applications[i].id).second) {
                add("applications", i, "id", "another application has this id");
            }
        }
    }

    const Domain& domain_;
    YAML::Node node_;
    Report& report_;
    std::set<std::string> numbers_;
    std::set<std::string> operators_;
    std::set<std::string> queues_;
};

void check_across_domains(const Config& config, const YAML::Node& root, Report& report) {
    std::set<std::string> names, applications;
    std::set<int> clients;
    for (const auto& domain : config.domains) {
        const auto at = place(root, {"domains", domain.name});
        if (!names.insert(lower(domain.name)).second)
            report.add(at, "domains." + domain.name, "is there twice");
        if (!clients.insert(domain.client_id).second) {
            report.add(at, "domains." + domain.name + ".client_id", "another domain has this client_id");
        }
        for (const auto& application : domain.applications) {
            if (!applications.insert(application.id).second) {
                report.add(at, "domains." + domain.name + ".applications",
                           "another domain has an application '" + application.id + "'");
            }
        }
    }
}

}  // namespace

void check_consistency(const Config& config, const YAML::Node& root, Report& report) {
    check_sip(config, root, report);
    if (config.domains.empty()) report.add(root, "domains", "expected at least one domain");
    for (const auto& domain : config.domains) {
        DomainCheck(domain, root["domains"][domain.name], report).run(config);
    }
    check_across_domains(config, root, report);
}

}  // namespace patchbay::config
