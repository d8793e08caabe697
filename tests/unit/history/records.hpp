// CDRs for tests of the stores.
#pragma once

#include <memory>

#include "history/cdr.hpp"

namespace patchbay::history {

inline Time second(std::int64_t count) {
    return Time{Seconds{1'700'000'000 + count}};
}

inline Time day(std::uint64_t count) {
    return second(static_cast<std::int64_t>(count) * 86'400);
}

inline Cdr record(std::uint64_t leg) {
    Cdr cdr;
    cdr.leg = LegId{leg};
    cdr.call = CallRef{~leg};
    cdr.domain = "demo.local";
    cdr.direction = call::Direction::out;
    cdr.number = "101";
    cdr.display_name = "Анна";
    cdr.operator_id = "101";
    cdr.group = "sales";
    cdr.remote_number = "+7383";
    cdr.remote_display_name = "Customer";
    cdr.remote_operator_id = "ro";
    cdr.remote_group = "rg";
    cdr.called_number = "9";
    cdr.called_did = "did";
    cdr.trunk = "provider";
    cdr.queue_id = "q";
    cdr.started = second(static_cast<std::int64_t>(leg));
    cdr.answered = cdr.started + Milliseconds{1234};
    cdr.released = cdr.started + Milliseconds{5678};
    cdr.distributed = cdr.started + Milliseconds{12};
    cdr.agent_answered = cdr.started + Milliseconds{34};
    cdr.released_by = ReleasedBy::b;
    cdr.cause = "hung_up";
    cdr.sip = 200;
    cdr.held = Milliseconds{77};
    cdr.rang = true;
    cdr.urls = {"https://a/1.wav", "https://a/2.wav"};
    cdr.success_faxes = {"018f0000-0000-7000-8000-000000000001"};
    cdr.failed_faxes = {"018f0000-0000-7000-8000-000000000002", "018f0000-0000-7000-8000-000000000003"};
    cdr.quality = std::make_shared<call::Quality>(
        call::Quality{"PCMA", 250, 251, 3, 4, Milliseconds{5}, Milliseconds{21}, 4.37});
    return cdr;
}

}  // namespace patchbay::history
