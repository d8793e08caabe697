#include "acd/command.hpp"

#include <array>

namespace patchbay::acd {

std::string_view name(const Action& action) {
    constexpr std::array<std::string_view, std::variant_size_v<Action>> names{
        "login",          "logout",      "force_logout",  "make_available",
        "auxwork",        "block",       "unblock",       "complete",
        "join_queue",     "leave_queue", "move_to_queue", "remove_from_queue",
        "list_operators", "list_groups", "list_queues",   "list_waiting",
        "list_figures"};
    return names.at(action.index());
}

}  // namespace patchbay::acd
