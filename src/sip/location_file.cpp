#include "sip/location_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"

namespace patchbay::sip {
namespace {

constexpr Seconds look_every{1};
constexpr int turns_of_refreshes = 60;
constexpr std::string_view first_line = "patchbay-bindings 1";
constexpr std::size_t fields = 11;

/// Tabs and line ends would break the line; no URI or header value of ours holds any.
std::string plain(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return out;
}

}  // namespace

std::string write_line(const std::string& record, const Binding& binding) {
    return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}", plain(record), plain(binding.contact),
                       plain(binding.instance), binding.flow.transport, binding.flow.peer.address,
                       binding.flow.peer.port, plain(binding.call_id), binding.cseq, binding.q,
                       binding.expires.time_since_epoch().count(), plain(binding.user_agent));
}

Result<LocationLine> read_line(std::string_view line) {
    const auto parts = split(line, '\t');
    const Error wrong{"location_line", "a line of the bindings' file cannot be read"};
    if (parts.size() != fields || parts[0].empty() || parts[1].empty()) return wrong;
    const auto port = to_number(parts[5]), cseq = to_number(parts[7]), q = to_number(parts[8]),
               expires = to_number(parts[9]);
    if (!port || *port < 0 || *port > 65535 || !cseq || *cseq < 0 || *cseq > UINT32_MAX) return wrong;
    if (!q || *q < 0 || *q > 1000 || !expires) return wrong;
    LocationLine read;
    read.record = parts[0];
    read.binding = {std::string(parts[1]),
                    std::string(parts[2]),
                    {std::string(parts[3]), {std::string(parts[4]), static_cast<std::uint16_t>(*port)}},
                    std::string(parts[6]),
                    static_cast<std::uint32_t>(*cseq),
                    static_cast<int>(*q),
                    Time{Milliseconds{*expires}},
                    std::string(parts[10])};
    return read;
}

LocationFile::LocationFile(Location& location, Timers& timers, std::string path)
    : location_(location), timers_(timers), path_(std::move(path)) {
    load();
    saved_version_ = location_.version();
    saved_arrivals_ = location_.arrivals();
    wait();
}

LocationFile::~LocationFile() {
    timers_.cancel(timer_);
    save();
}

void LocationFile::load() {
    std::ifstream file(path_);
    std::string line;
    if (!file || !std::getline(file, line)) return;
    if (line != first_line) {
        log::warning("sip", "{} is not a file of bindings: phones must register again", path_);
        return;
    }
    std::size_t restored = 0, unreadable = 0;
    while (std::getline(file, line)) {
        auto read = read_line(line);
        if (read) location_.restore(read->record, std::move(read->binding));
        ++(read ? restored : unreadable);
    }
    log::info("sip", "{} bindings restored from {}, {} unreadable", restored, path_, unreadable);
}

void LocationFile::wait() {
    timer_ = timers_.after(look_every, [this] {
        ++turns_;
        if (due()) save();
        wait();
    });
}

/// A refresh alone can wait: the copy's older expiry still reaches the phone, until it registers again.
bool LocationFile::due() const {
    if (location_.arrivals() != saved_arrivals_) return true;
    return turns_ >= turns_of_refreshes && location_.version() != saved_version_;
}

void LocationFile::save() {
    turns_ = 0;
    if (location_.version() == saved_version_) return;
    const std::string next = path_ + ".new";
    std::ofstream file(next, std::ios::trunc);
    file << first_line << '\n';
    location_.each([&](const std::string& record, const Binding& b) {
        // A WebSocket does not outlive us.
        if (b.flow.bridge.port == 0) file << write_line(record, b) << '\n';
    });
    file.close();
    std::error_code failed;
    if (file) std::filesystem::rename(next, path_, failed);
    if (!file || failed) {
        log::warning("sip", "the bindings cannot be written to {}: {}", path_,
                     failed ? failed.message() : std::strerror(errno));
        return;
    }
    saved_version_ = location_.version();
    saved_arrivals_ = location_.arrivals();
}

}  // namespace patchbay::sip
