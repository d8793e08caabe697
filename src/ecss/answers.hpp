// Answers as nodes, in the documented order of elements and attributes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "call/facts.hpp"
#include "ecss/node.hpp"
#include "history/cdr.hpp"

namespace patchbay::ecss {

/// What a transport sends back: the status of HTTP or of the frame, and the element `out`.
struct Answer {
    int status = 200;
    Node out;
};

Answer ok_answer(std::string_view command);
/// The element `error`, with the status that belongs to the error's code. `command` may be one that is not
/// served.
Answer error_answer(std::string_view command, const Error& error);
/// `idle_timeout`: after so long without a request the login session ends.
Answer login_answer(std::string_view operator_id, bool supervisor, Seconds idle_timeout);
Answer conversations_answer(std::span<const call::LegView> legs);
/// `tag` empty: none. `now` is the answer's timestamp.
Answer history_answer(std::span<const history::Cdr> records, std::string_view tag, Time now);

/// The element `in` of a conversations_event. `snapshot`: the legs are all there are.
Node conversations_event(std::span<const call::LegView> legs, std::uint64_t offset, bool snapshot);

}  // namespace patchbay::ecss
