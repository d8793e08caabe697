// What the robot says: one JSON object a line on standard output, flushed at once; and what it does by itself
// when it says so.
#pragma once

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

namespace patchbay::robot {

using Json = boost::json::object;

/// One phone's facts. Each line begins with "event" and, when several phones share the process, "phone".
class Facts {
  public:
    explicit Facts(int phone) : phone_(phone) {}

    void emit(std::string_view event, Json fields = {});
    /// Calls `action` once, right after the next fact of that name (and of that method or digit, when the
    /// command names one) and before whatever the robot would do next: so messages are made to cross.
    void once(Json pattern, std::function<void()> action);

  private:
    struct Trigger {
        Json pattern;
        std::function<void()> action;
    };
    int phone_;
    std::vector<Trigger> triggers_;
};

}  // namespace patchbay::robot
