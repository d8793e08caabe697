// Answers as nodes, in the documented order of elements and attributes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "call/facts.hpp"
#include "ecss/node.hpp"
#include "ecss/position.hpp"
#include "history/cdr.hpp"

namespace patchbay::ecss {

/// What a transport sends back: the status of HTTP or of the frame, and the element `out`.
struct Answer {
    int status = 200;
    Node out;
};

/// A conversation: a leg as it is, or what an operator still has to finish of one that ended.
struct Conversation {
    call::LegView leg;
    std::string_view state{};  ///< the wire's word, static storage; empty: that of the leg's state
    Time released{};           ///< zero until it ends
    bool conference = false;   ///< more than two talk in it
    bool consults = false;     ///< it asks somebody before a transfer
};

/// What people call the queue that a call came through; empty: it came through none. Any thread.
using QueueName = std::function<std::string(const call::LegFacts& facts)>;

Answer ok_answer(std::string_view command);
/// A response with that one element.
Answer answer_with(std::string_view command, Node content);
/// The element `error`, with the status that belongs to the error's code. `command` may be one that is not
/// served.
Answer error_answer(std::string_view command, const Error& error);
/// `auto_logout`: after so long without doing anything the operator is logged out.
Answer login_answer(std::string_view operator_id, bool supervisor, Seconds auto_logout);
Answer conversations_answer(std::span<const Conversation> conversations);
/// `tag` empty: none. `now` is the answer's timestamp. `external`: what stands before the paths of our own
/// recordings; empty: nothing, so that they are relative to this server.
Answer history_answer(std::span<const history::Cdr> records, std::string_view tag, Time now,
                      std::string_view external = {});

/// The element `in` of a conversations_event. `snapshot`: the conversations are all there are.
Node conversations_event(std::span<const Conversation> conversations, Position at, bool snapshot);

/// The element `url_list` of a record. `external` as in history_answer().
Node url_list(const history::Cdr& cdr, std::string_view external);
/// Adds `success_faxes` and `failed_faxes` to a record whose leg sent us faxes.
void add_faxes(Node& record, const history::Cdr& cdr, std::string_view external);

// The wire's words for single values.
std::string_view truth(bool value);
/// Empty for no time.
std::string time_text(Time time);
std::string_view state_word(call::LegState state);
std::string_view released_by(history::ReleasedBy by);

}  // namespace patchbay::ecss
