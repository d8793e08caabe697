#include "media/port_pool.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace patchbay::media {

namespace {

using namespace std::chrono_literals;

constexpr auto cool_down = 1000ms;  ///< a pair rests so long while there are others
constexpr auto idle_limit = 30s;    ///< then a pair is closed
/// Pairs in use by other programs that one take() passes over: as many one after another, then as many spread
/// over the whole range, for another media server may hold thousands in a row.
constexpr std::size_t attempts_in_a_row = 32;
constexpr std::size_t attempts_spread = 32;
constexpr std::size_t most_trimmed = 64;

std::uint16_t even_at_or_above(std::uint16_t port) {
    return static_cast<std::uint16_t>(port + (port & 1));
}

}  // namespace

PortPool::PortPool(const std::string& address, std::uint16_t first, std::uint16_t last, std::size_t start)
    : first_(even_at_or_above(first)) {
    const auto parsed = Address::parse({address, 0});
    if (!parsed) throw std::runtime_error("media address is no IP address: " + address);
    address_ = *parsed;
    if (!bind_port(0))
        throw std::runtime_error("media.address: " + address + ": " + std::generic_category().message(errno));
    bound_.resize(last > first_ ? static_cast<std::size_t>(last - first_ + 1) / 2 : 0);
    if (!bound_.empty()) cursor_ = start % bound_.size();
}

std::optional<PortPair> PortPool::take(Moment now) {
    if (auto pair = take_idle(now, cool_down)) return pair;
    const std::size_t stride = bound_.size() / attempts_spread + 1;
    for (std::size_t attempt = 0; attempt < attempts_in_a_row + attempts_spread; ++attempt) {
        const auto place = next_unbound(attempt < attempts_in_a_row ? 1 : stride);
        if (!place) break;
        if (auto pair = bind_pair(*place)) return pair;
    }
    return take_idle(now, 0ms);
}

void PortPool::give_back(PortPair pair, Moment now) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back({std::move(pair), now});
}

void PortPool::trim(Moment now) {
    std::vector<PortPair> closing;  // closed after the lock is gone
    const std::scoped_lock lock(mutex_);
    while (!idle_.empty() && closing.size() < most_trimmed && now - idle_.front().since > idle_limit) {
        closing.push_back(std::move(idle_.front().pair));
        idle_.pop_front();
        bound_[static_cast<std::size_t>(closing.back().port - first_) / 2] = false;
        --bound_count_;
    }
}

std::size_t PortPool::idle() const {
    const std::scoped_lock lock(mutex_);
    return idle_.size();
}

std::optional<PortPair> PortPool::take_idle(Moment now, std::chrono::milliseconds rest) {
    const std::scoped_lock lock(mutex_);
    if (idle_.empty() || now - idle_.front().since < rest) return std::nullopt;
    PortPair pair = std::move(idle_.front().pair);
    idle_.pop_front();
    return pair;
}

/// Marks the next pair of the round as bound; the one after it is sought `stride` pairs on.
std::optional<std::size_t> PortPool::next_unbound(std::size_t stride) {
    const std::scoped_lock lock(mutex_);
    if (bound_count_ == bound_.size()) return std::nullopt;
    while (bound_[cursor_]) cursor_ = (cursor_ + 1) % bound_.size();
    const std::size_t place = cursor_;
    cursor_ = (cursor_ + stride) % bound_.size();
    bound_[place] = true;
    ++bound_count_;
    return place;
}

std::optional<PortPair> PortPool::bind_pair(std::size_t place) {
    PortPair pair;
    pair.port = static_cast<std::uint16_t>(first_ + 2 * place);
    pair.rtp = bind_port(pair.port);
    if (pair.rtp) pair.rtcp = bind_port(static_cast<std::uint16_t>(pair.port + 1));
    if (pair.rtcp) return pair;
    const std::scoped_lock lock(mutex_);
    bound_[place] = false;
    --bound_count_;
    return std::nullopt;
}

Descriptor PortPool::bind_port(std::uint16_t port) const {
    Descriptor socket(::socket(address_.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) return {};
    if (address_.family() == AF_INET6) {
        // :: serves IPv4 peers, too.
        const int only = address_.unspecified() ? 0 : 1;
        setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    }
    Address local = address_;
    local.set_port(port);
    if (bind(socket.get(), local.data(), local.size()) != 0) return {};
    return socket;
}

}  // namespace patchbay::media
