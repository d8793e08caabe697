// A leg we call: its branches, and which of them wins.
#include <algorithm>

#include "call/cause.hpp"
#include "sip/leg.hpp"
#include "sip/targets.hpp"

namespace patchbay::sip {

namespace {

/// How good a failure is as the leg's own: 6xx decide, then redirections and real refusals before silence.
int weight(int status) {
    if (status >= 600) return 0;
    if (status < 400) return 1;
    if (status == 408 || status == 503 || status == 480) return 4;
    return status == 401 || status == 407 || status == 420 ? 3 : 2;
}

}  // namespace

void Leg::ring(const call::Dial& dial) {
    stage_ = Stage::ringing;
    const auto problem = add_branches(dial);
    if (!problem) return;
    // Facts never come from within a call of the switch.
    core_.soon([&core = core_, id = id_, cause = *problem] {
        if (auto* leg = core.leg(id)) leg->end_ringing(cause);
    });
}

std::optional<call::Cause> Leg::add_branches(const call::Dial& dial) {
    auto targets = targets_of(core_, dial);
    if (targets.empty())
        return dial.trunk.empty() ? call::causes::not_registered : call::causes::no_such_number;
    if (local_media().port == 0) return call::causes::no_media_port;
    const auto prefer = core_.usable_by(dial.like);
    std::shared_ptr<OfferAnswer> exchange;
    const MediaTerms* offered = nullptr;
    for (auto& target : targets) {
        // Phones that are offered the same share one offer.
        if (offered == nullptr || *offered != target.security) {
            exchange = std::make_shared<OfferAnswer>(core_.new_exchange(target.security));
            if (core_.knows_noise(dial.like)) exchange->offer_noise();
            if (!exchange->offer(local_media(), prefer)) return call::causes::no_media_port;
        }
        offered = &target.security;
        auto branch = std::make_unique<Branch>(*this, target, exchange);
        if (branch->start()) branches_.push_back(std::move(branch));
    }
    if (branches_.empty()) return call::causes::no_such_number;
    return {};
}

void Leg::branch_rings(Dialog& dialog, bool has_media) {
    if (stage_ != Stage::ringing) return;
    if (has_media && !media_) connect_media(dialog);
    core_.facts->ringing(id_, has_media);
}

void Leg::branch_answered(Branch& branch, std::unique_ptr<Dialog> dialog, const sip_t& response,
                          Seconds asked) {
    dialog_ = std::move(dialog);
    credentials_ = branch.credentials();
    if (credentials_) credentials_->accepted();
    stage_ = Stage::connected;
    cancel_others(&branch);
    terms_ = settle_session(session_wish(response), asked);
    arm_session();
    connect_media(*dialog_);
    core_.facts->answered(id_);
    report_hold(false);
    forget_branches();
}

// Of no use once one was answered and the others are done, and they are a fifth of the leg's memory. They are
// on the stack now.
void Leg::forget_branches() {
    if (!std::ranges::all_of(branches_, [](const auto& each) { return each->is_done(); })) return;
    core_.soon([&core = core_, id = id_] {
        if (auto* leg = core.leg(id)) leg->branches_.clear();
    });
}

void Leg::branch_failed(const Branch& branch) {
    if (stage_ == Stage::ended) return finish_if_idle();
    if (stage_ == Stage::connected) return forget_branches();
    if (stage_ != Stage::ringing) return;
    if (branch.status() >= 600) cancel_others(&branch);
    const bool all_done = std::ranges::all_of(branches_, [](const auto& each) { return each->is_done(); });
    if (branch.status() < 600 && !all_done) return;
    const auto best = std::ranges::min_element(
        branches_, {}, [](const auto& each) { return each->is_done() ? weight(each->status()) : 9; });
    if (!(*best)->redirected_to().empty()) {
        stage_ = Stage::ended;
        core_.retire(*this);
        core_.facts->redirected(id_, (*best)->redirected_to());
        return finish_if_idle();
    }
    end_ringing((*best)->cause());
}

bool Leg::pick_up() {
    return stage_ == Stage::ringing &&
           std::ranges::any_of(branches_, [](const auto& branch) { return branch->pick_up(); });
}

void Leg::end_ringing(const call::Cause& cause) {
    report_end(cause);
    finish_if_idle();
}

void Leg::cancel_others(const Branch* winner) {
    const auto& why = winner == nullptr ? ending_ : call::causes::answered_elsewhere;
    for (const auto& branch : branches_) {
        if (branch.get() != winner && !branch->is_done()) branch->cancel(why);
    }
}

}  // namespace patchbay::sip
