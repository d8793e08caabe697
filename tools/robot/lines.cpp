#include "lines.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>

#include <boost/json/parse.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "commands.hpp"

namespace patchbay::robot {

Lines::~Lines() {
    if (watching_) loop_.forget(STDIN_FILENO);
}

bool Lines::read_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) return false;
    std::ostringstream content;
    content << file.rdbuf();
    take(content.str());
    end();
    return true;
}

void Lines::read_input() {
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    watching_ = true;
    loop_.watch(STDIN_FILENO, [this] {
        std::array<char, 65536> buffer{};
        const auto size = read(STDIN_FILENO, buffer.data(), buffer.size());
        if (size > 0) return take({buffer.data(), static_cast<std::size_t>(size)});
        if (size < 0 && errno == EAGAIN) return;
        loop_.forget(STDIN_FILENO);
        watching_ = false;
        end();
    });
}

void Lines::take(std::string_view bytes) {
    unfinished_ += bytes;
    for (auto at = unfinished_.find('\n'); at != std::string::npos; at = unfinished_.find('\n')) {
        lines_.push_back(unfinished_.substr(0, at));
        unfinished_.erase(0, at + 1);
    }
    run();
}

void Lines::end() {
    if (!unfinished_.empty()) lines_.push_back(std::move(unfinished_));
    unfinished_.clear();
    ended_ = true;
    run();
}

void Lines::run() {
    while (!held_ && !lines_.empty()) {
        const std::string line = std::move(lines_.front());
        lines_.pop_front();
        if (!hold_back(line)) execute_line(phones_, line);
    }
    if (ended_ && !held_ && lines_.empty()) quit_();
}

Phone* Lines::phone_of(std::int64_t index) const {
    const auto at = static_cast<std::size_t>(index - 1);
    return at < phones_.size() ? phones_[at].get() : nullptr;
}

bool Lines::hold_back(std::string_view line) {
    boost::json::error_code error;
    const auto value = boost::json::parse({line.data(), line.size()}, error);
    if (error || !value.is_object()) return false;
    const auto& command = value.as_object();
    const auto* name = command.if_contains("cmd");
    if (name == nullptr || !name->is_string()) return false;
    if (*name == "quit") {
        quit_();
        return true;
    }
    const auto resume = [this] {
        held_ = false;
        run();
    };
    if (*name == "sleep") {
        const auto* ms = command.if_contains("ms");
        if (ms == nullptr || !ms->is_int64()) return false;
        held_ = true;
        loop_.timers().after(Milliseconds(ms->as_int64()), resume);
        return true;
    }
    if (*name != "await") return false;
    const auto* fact = command.if_contains("fact");
    const auto* index = command.if_contains("phone");
    auto* phone = phone_of(index != nullptr && index->is_int64() ? index->as_int64() : 1);
    if (fact == nullptr || !fact->is_object() || phone == nullptr) return false;
    held_ = true;
    // Not from within the fact: the commands that follow must find the call as the fact says it is.
    phone->facts().once(fact->as_object(), [this, resume] { loop_.timers().after(Milliseconds{0}, resume); });
    return true;
}

}  // namespace patchbay::robot
