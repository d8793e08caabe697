// Writes one JSON object straight into a string: the journal writes ten of them a call.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::journal {

/// Members are written in the order of the calls. Keys are plain ASCII and are not escaped.
class JsonOut {
  public:
    explicit JsonOut(std::string& out) : out_(out) { out_.push_back('{'); }

    /// The value with quotes, backslashes and control characters escaped; other bytes as they are.
    void text(std::string_view key, std::string_view value) {
        begin(key);
        quoted(value);
    }
    void text_unless_empty(std::string_view key, std::string_view value) {
        if (!value.empty()) text(key, value);
    }
    template <typename Integer>
    void number(std::string_view key, Integer value) {
        begin(key);
        decimal(value);
    }
    /// A number as text: programs that keep numbers as doubles would spoil 64 bits.
    void decimal_text(std::string_view key, std::uint64_t value) {
        begin(key);
        out_.push_back('"');
        decimal(value);
        out_.push_back('"');
    }
    /// 16 hex digits, as text.
    void hex(std::string_view key, std::uint64_t value);
    void flag_if_set(std::string_view key, bool value) {
        if (!value) return;
        begin(key);
        out_.append("true");
    }
    /// Begins a member that the caller writes into the string itself.
    void begin(std::string_view key) {
        if (!first_) out_.push_back(',');
        first_ = false;
        out_.push_back('"');
        out_.append(key);
        out_.append("\":");
    }
    void end() { out_.push_back('}'); }

  private:
    void quoted(std::string_view value);
    template <typename Integer>
    void decimal(Integer value) {
        char digits[24];
        const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
        out_.append(static_cast<const char*>(digits), static_cast<std::size_t>(end - digits));
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace patchbay::journal
