#include "fax.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <tiffio.h>

namespace patchbay::robot {

namespace {

constexpr std::size_t frame_size = 160;
constexpr std::size_t waiting_first = 6 * frame_size;  ///< so much jitter is borne

struct CloseTiff {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

FaxPage page_of(TIFF* tiff) {
    FaxPage page;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page.width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page.rows);
    std::uint16_t photometric = PHOTOMETRIC_MINISWHITE;
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    const std::uint8_t flip = photometric == PHOTOMETRIC_MINISWHITE ? 0 : 0xFF;
    std::vector<std::uint8_t> row(static_cast<std::size_t>(TIFFScanlineSize(tiff)));
    std::uint64_t hash = 14695981039346656037U;
    for (std::uint32_t i = 0; i < page.rows; ++i) {
        if (TIFFReadScanline(tiff, row.data(), i, 0) < 0) break;
        for (const std::uint8_t byte : row) hash = (hash ^ (byte ^ flip)) * 1099511628211U;
    }
    page.pels = fmt::format("{:016x}", hash);
    return page;
}

}  // namespace

Fax::Fax(std::string file) : file_(std::move(file)) {
    begin();
}

void Fax::begin() {
    const media::FaxMachine::Order order{file_, "+7 383 555 0101", true};
    heard_.clear();
    hearing_ = false;
    if (!terms_) {
        machine_ = std::make_unique<media::FaxMachine>(order);
        return;
    }
    sender_.emplace(*terms_);
    receiver_ = {};
    machine_ = std::make_unique<media::FaxMachine>(
        order, terms_->version, [this](std::span<const std::uint8_t> packet, int times) {
            const auto datagram = sender_->next(packet);
            sending_.insert(sending_.end(), static_cast<std::size_t>(std::max(times, 1)), datagram);
        });
}

void Fax::agree(const std::optional<media::T38Terms>& t38) {
    if (t38.has_value() == terms_.has_value()) return;
    terms_ = t38;
    if (machine_) begin();
}

void Fax::hear(const std::vector<std::int16_t>& samples) {
    heard_.insert(heard_.end(), samples.begin(), samples.end());
}

std::vector<std::int16_t> Fax::speak() {
    std::vector<std::int16_t> heard(frame_size, 0), said(frame_size, 0);
    hearing_ = hearing_ || heard_.size() >= waiting_first;
    if (hearing_) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(heard_.size(), frame_size));
        std::copy_n(heard_.begin(), count, heard.begin());
        heard_.erase(heard_.begin(), heard_.begin() + count);
    }
    if (machine_) machine_->exchange(heard, said);
    return said;
}

void Fax::take(std::span<const std::uint8_t> datagram) {
    receiver_.take(datagram, [this](std::span<const std::uint8_t> packet, std::uint16_t sequence) {
        if (machine_) machine_->take(packet, sequence);
    });
}

std::vector<std::vector<std::uint8_t>> Fax::pass_time() {
    if (machine_) machine_->pass_time();
    return std::exchange(sending_, {});
}

std::optional<media::FaxMachine::Result> Fax::take_result() {
    if (!machine_ || !machine_->result()) return std::nullopt;
    const auto result = machine_->result();
    machine_.reset();
    return result;
}

std::vector<FaxPage> fax_pages(const std::string& file) {
    std::vector<FaxPage> pages;
    const std::unique_ptr<TIFF, CloseTiff> tiff(TIFFOpen(file.c_str(), "r"));
    if (!tiff) return pages;
    do pages.push_back(page_of(tiff.get()));
    while (TIFFReadDirectory(tiff.get()) != 0);
    return pages;
}

}  // namespace patchbay::robot
