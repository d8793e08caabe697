// What is true of a leg for as long as it lives, or until its other party changes.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/uuid.hpp"
#include "call/types.hpp"

namespace patchbay::call {

/// The unchanging facts of a leg. Shared and immutable: events, views and history hold the same copy.
struct LegFacts {
    std::string domain;
    std::string number;        ///< the party's own number: an extension, or the outside number
    std::string display_name;  ///< the party's own name
    std::string operator_id;   ///< the operator who works there; empty: none
    std::string group;         ///< that operator's group
    std::string trunk;         ///< the trunk the party is behind; empty: an extension
    Direction direction = Direction::in;
    std::string called_number;  ///< what was dialled; for a DID, the number it stands for
    std::string called_did;     ///< the outside number that was called, when the call came over a trunk
    std::string remote_number;  ///< the other party, as this one sees it
    std::string remote_display_name;
    std::string remote_operator_id;
    std::string remote_group;
    std::string queue_id;  ///< the queue it came through; empty: none
    Time started{};
};

using LegFactsPtr = std::shared_ptr<const LegFacts>;

/// A leg as it is at one instant: what queries and commands answer with.
struct LegView {
    LegId id;
    CallRef call;
    LegFactsPtr facts;
    LegState state = LegState::idle;
    Role role = Role::talker;
    LegId other;        ///< the leg it talks with; none while alone or with more than one
    LegId supervises;   ///< for observers and consultants
    Time answered{};    ///< zero until answered
    int park_slot = 0;  ///< where it waits; 0: not parked
    Uuid recording;     ///< under way; none: not recorded
    RecordingState recording_state = RecordingState::stopped;
};

}  // namespace patchbay::call
