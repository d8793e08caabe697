#include "media/fax_leg.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "media/codec.hpp"
#include "media/fax_document.hpp"
#include "media/g711.hpp"

namespace patchbay::media {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// Modems bear delay well and gaps not at all.
constexpr auto jitter_allowed = 150ms;
constexpr std::size_t frame_size = samples_of_frame(narrow_rate);

/// The buffer lets nothing so far away come in but where the sender's timestamps begin anew.
bool has_jumped(std::uint32_t timestamp, std::uint32_t expected) {
    constexpr std::int64_t farthest = 4 * narrow_rate;
    return std::abs(std::int64_t{static_cast<std::int32_t>(timestamp - expected)}) > farthest;
}

void count(const char* way, const char* outcome) {
    metrics::counter("patchbay_media_faxes_total", "Faxes received, by way and outcome",
                     {{"way", way}, {"outcome", outcome}})
        .add();
}

}  // namespace

FaxLeg::FaxLeg(FaxJob job)
    : job_(std::move(job)),
      unfinished_(job_.stem.string() + ".tiff.live"),
      packets_(narrow_rate),
      heard_(frame_size),
      said_(frame_size) {
    begin();
}

FaxLeg::~FaxLeg() {
    machine_.reset();
    std::error_code ignored;
    fs::remove(unfinished_, ignored);
}

void FaxLeg::begin() {
    machine_.reset();
    const FaxMachine::Order order{unfinished_, job_.station};
    if (!terms_) {
        machine_ = std::make_unique<FaxMachine>(order);
        return;
    }
    sender_.emplace(*terms_);
    receiver_ = {};
    machine_ = std::make_unique<FaxMachine>(
        order, terms_->version, [this](std::span<const std::uint8_t> packet, int times) {
            const auto datagram = sender_->next(packet);
            sending_.insert(sending_.end(), static_cast<std::size_t>(std::max(times, 1)), datagram);
        });
}

void FaxLeg::agree(const std::optional<T38Terms>& t38) {
    if (t38 == terms_) return;
    terms_ = t38;
    playing_ = false;
    packets_.clear();
    if (machine_) begin();
}

void FaxLeg::hear(const RtpPacket& packet, const Format& format, Moment now) {
    if (!is_g711(format.codec)) return;
    format_ = format;
    packets_.write(packet.header.timestamp, packet.payload, false, now);
}

bool FaxLeg::take(std::span<const std::uint8_t> datagram) {
    return receiver_.take(datagram, [this](std::span<const std::uint8_t> packet, std::uint16_t sequence) {
        if (machine_) machine_->take(packet, sequence);
    });
}

/// The next frame of what came, silence where nothing did.
void FaxLeg::fill(std::span<std::int16_t> frame, Moment now) {
    const auto* front = packets_.front();
    if (!playing_ && front != nullptr && now - front->arrived >= jitter_allowed) {
        playing_ = true;
        next_ = front->timestamp;
        ready_.clear();
    }
    while (playing_ && ready_.size() < frame.size()) {
        front = packets_.front();
        const auto wanted = frame.size() - ready_.size();
        if (front != nullptr && has_jumped(front->timestamp, next_)) next_ = front->timestamp;
        const auto gap = front == nullptr ? static_cast<std::int32_t>(wanted)
                                          : static_cast<std::int32_t>(front->timestamp - next_);
        if (gap > 0) {
            const auto missing = std::min(static_cast<std::size_t>(gap), wanted);
            ready_.insert(ready_.end(), missing, 0);
            next_ += static_cast<std::uint32_t>(missing);
            continue;
        }
        const auto heard_before = std::min(static_cast<std::size_t>(-gap), front->payload.size());
        const auto fresh = std::span(front->payload).subspan(heard_before);
        for (const std::uint8_t byte : fresh) ready_.push_back(media::decode(format_.codec, byte));
        next_ += static_cast<std::uint32_t>(fresh.size());
        packets_.drop_front();
    }
    if (playing_) packets_.played_to(next_);
    std::ranges::fill(frame, std::int16_t{0});
    if (!playing_) return;
    std::copy_n(ready_.begin(), frame.size(), frame.begin());
    ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(frame.size()));
}

std::span<const std::int16_t> FaxLeg::speak(Moment now) {
    if (!machine_) return {};
    fill(heard_, now);
    machine_->exchange(heard_, said_);
    return said_;
}

const std::vector<std::vector<std::uint8_t>>& FaxLeg::pass_time() {
    if (machine_) machine_->pass_time();
    sent_.swap(sending_);
    sending_.clear();
    return sent_;
}

void FaxLeg::hang_up() {
    if (machine_) machine_->hang_up();
}

std::optional<FaxMachine::Result> FaxLeg::take_result() {
    if (!machine_ || !machine_->result()) return std::nullopt;
    auto result = *machine_->result();
    machine_.reset();  // it closes its file
    if (result.pages > 0 && !write_document(result)) result.reason = "disk_error";
    if (result.pages == 0 && result.reason.empty()) result.reason = "no_page";
    count(terms_ ? "t38" : "audio", result.reason.empty() ? "received" : "failed");
    return result;
}

/// The facts last: a fax is there when they are.
bool FaxLeg::write_document(const FaxMachine::Result& result) {
    const std::string stem = job_.stem.string();
    std::error_code failed;
    fs::rename(unfinished_, stem + ".tiff", failed);
    const auto pages = failed ? Result<int>(Error{"disk_error", failed.message()})
                              : write_fax_pdf(stem + ".tiff", stem + ".pdf");
    std::ofstream facts(stem + ".json", std::ios::binary);
    facts << json_of(job_.facts);
    facts.flush();
    if (pages && facts) return true;
    log::error("media", "the fax {} of {} pages cannot be written: {}", stem, result.pages,
               pages ? "disk_error" : pages.error().text);
    return false;
}

}  // namespace patchbay::media
