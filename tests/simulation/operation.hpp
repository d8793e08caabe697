// Operations as data: a run is a list of them, so that it can be replayed, cut, and printed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace patchbay::simulation {

enum class Kind : std::uint8_t {
    dial,
    dial_from_outside,
    dial_replacing,
    ringing,
    answered,
    ended,
    redirected,
    hold_changed,
    refer,
    refer_replacing,
    digit,
    media_lost,
    hold,
    retrieve,
    transfer,
    join,
    attended_transfer,
    supervise,
    park,
    pickup,
    clear,
    list,
    find,
    seat,
    originate,
    answer,
    refuse,
    merge,
    remove,
    members,
    pass_time,
    registration,
    ports,
    reload,
    desk,
    enqueue,
    offer,
    announce,
};

/// What to do; the numbers choose legs, phones and ways among those there are when it is done.
struct Operation {
    Kind kind = Kind::dial;
    std::uint32_t leg = 0, number = 0, way = 0;
};

using Operations = std::vector<Operation>;

/// The run that belongs to a seed.
Operations random_operations(std::uint64_t seed, std::size_t count);
/// One line an operation.
std::string text(const Operations& operations);

}  // namespace patchbay::simulation
