#include "http/socket_queue.hpp"

#include <utility>

namespace patchbay::http {
namespace {

constexpr std::size_t most_reason = 123;  // RFC 6455, section 5.5: a control frame has 125 bytes

// Cut to what a close frame takes, without splitting a character.
std::string close_reason(std::string_view reason) {
    if (reason.size() <= most_reason) return std::string(reason);
    std::size_t end = most_reason;
    while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80) --end;
    return std::string(reason.substr(0, end));
}

}  // namespace

bool SocketQueue::send(std::string text) {
    const std::scoped_lock lock(mutex_);
    if (closing_) return false;
    if (waiting_.size() >= most_messages_ || (!waiting_.empty() && bytes_ + text.size() > most_bytes_)) {
        overflowed_ = true;
        closing_ = Closing{1013, "too slow"};
        waiting_.clear();
        bytes_ = 0;
        wake();
        return false;
    }
    bytes_ += text.size();
    waiting_.push_back(std::move(text));
    wake();
    return true;
}

void SocketQueue::close(std::uint16_t code, std::string_view reason) {
    const std::scoped_lock lock(mutex_);
    if (closing_) return;
    closing_ = Closing{code, close_reason(reason)};
    wake();
}

void SocketQueue::attach(std::function<void()> on_news) {
    const std::scoped_lock lock(mutex_);
    wake_ = std::move(on_news);
    awake_ = false;
    if (!waiting_.empty() || closing_) wake();
}

void SocketQueue::detach() {
    const std::scoped_lock lock(mutex_);
    if (!closing_) closing_ = Closing{1006, "the connection has ended"};
    wake_ = nullptr;
    waiting_.clear();
    bytes_ = 0;
}

std::optional<std::string> SocketQueue::take() {
    const std::scoped_lock lock(mutex_);
    if (waiting_.empty()) {
        awake_ = false;
        return std::nullopt;
    }
    auto text = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= text.size();
    return text;
}

std::optional<SocketQueue::Closing> SocketQueue::closing() const {
    const std::scoped_lock lock(mutex_);
    return closing_;
}

bool SocketQueue::overflowed() const {
    const std::scoped_lock lock(mutex_);
    return overflowed_;
}

void SocketQueue::wake() {
    if (!wake_ || (awake_ && !overflowed_)) return;
    awake_ = true;
    wake_();
}

}  // namespace patchbay::http
