// All operators and queues of all domains, as the configuration and commands have them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "acd/record.hpp"
#include "config/config.hpp"

namespace patchbay::acd {

/// The call centre of one domain. Records are never freed: what the configuration took away is marked gone.
struct Office {
    std::string name;
    Seconds auto_logout{0};
    bool only_one_session = false;
    std::map<std::string, std::unique_ptr<OperatorRecord>, std::less<>> operators;  ///< by id
    std::map<std::string, std::unique_ptr<OperatorRecord>, std::less<>> numbers;    ///< plain ones
    std::map<std::string, std::unique_ptr<QueueRecord>, std::less<>> queues;        ///< by id
    std::map<std::string, std::string, std::less<>> extensions;                     ///< numbers → names

    /// Null when there is none, or it is gone.
    OperatorRecord* person(std::string_view id) const;
    OperatorRecord* person_at(std::string_view number) const;
    /// By id, or else by number.
    QueueRecord* queue(std::string_view id) const;
    QueueRecord* queue_at(std::string_view number) const;
};

/// Not thread-safe.
class Roster {
  public:
    /// Takes the configuration over; sessions, states and who waits stay.
    void reload(const config::Config& config);
    /// Domain names compare without case.
    Office* office(std::string_view domain);
    const std::map<std::string, Office, std::less<>>& all() const { return offices_; }
    std::map<std::string, Office, std::less<>>& all() { return offices_; }

    /// Puts the operators of every queue of the office in place anew.
    static void assign(Office& office);

  private:
    static void load(Office& office, const config::Domain& domain);
    std::map<std::string, Office, std::less<>> offices_;  ///< by name in lower case
};

}  // namespace patchbay::acd
