#include "media/source_lock.hpp"

namespace patchbay::media {

namespace {

constexpr int proofs_needed = 3;

}  // namespace

void SourceLock::expect(const Address& signalled, bool latch) {
    latch_ = latch;
    if (signalled == signalled_ || (signalled && signalled.unspecified())) return;
    signalled_ = signalled;
    locked_ = Address();
    proofs_ = 0;
}

bool SourceLock::admit(const Address& from, const RtpHeader& header) {
    if (from == locked_) return true;
    if (from == signalled_) {
        locked_ = from;
        return true;
    }
    return !locked_ && latch_ && prove(from, header);
}

bool SourceLock::prove(const Address& from, const RtpHeader& header) {
    const bool goes_on = proofs_ > 0 && from == candidate_ && header.ssrc == candidate_ssrc_ &&
                         sequence_distance(candidate_sequence_, header.sequence) == 1;
    proofs_ = goes_on ? proofs_ + 1 : 1;
    candidate_ = from;
    candidate_ssrc_ = header.ssrc;
    candidate_sequence_ = header.sequence;
    if (proofs_ < proofs_needed) return false;
    locked_ = from;
    return true;
}

}  // namespace patchbay::media
