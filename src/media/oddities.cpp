#include "media/oddities.hpp"

namespace patchbay::media {

void tell_oddities(LegAudio& leg, Traffic& traffic) {
    const OrderCounts& order = leg.receiver.order();
    OrderCounts& told = leg.order_told;
    traffic.odd(Oddity::jump, order.jumps - told.jumps);
    traffic.odd(Oddity::duplicate, order.duplicate - told.duplicate);
    traffic.odd(Oddity::reordered, order.reordered - told.reordered);
    told = order;
    if (!leg.voice) return;
    // Its duplicates are the receiver's.
    const VoiceCounts& voice = leg.voice->counts();
    traffic.odd(Oddity::late, voice.late - leg.voice_told.late);
    traffic.odd(Oddity::strange, voice.strange - leg.voice_told.strange);
    traffic.odd(Oddity::broken, voice.broken - leg.voice_told.broken);
    leg.voice_told = voice;
}

}  // namespace patchbay::media
