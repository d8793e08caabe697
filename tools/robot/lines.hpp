// The commands on their way in: lines are carried out in order, and `await` holds those after it back until
// a fact has come. So a script needs no guesses about time.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "loop.hpp"
#include "phone.hpp"

namespace patchbay::robot {

/// Uses the loop's thread. `quit` is called for the command quit, and when the lines have come to an end.
class Lines {
  public:
    Lines(Loop& loop, std::vector<std::unique_ptr<Phone>>& phones, std::function<void()> quit)
        : loop_(loop), phones_(phones), quit_(std::move(quit)) {}
    ~Lines();
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;

    /// All lines of a file. False when it cannot be read.
    bool read_file(const std::string& path);
    /// Standard input, as it comes.
    void read_input();

  private:
    void take(std::string_view bytes);
    void end();
    void run();
    bool hold_back(std::string_view line);
    Phone* phone_of(std::int64_t index) const;

    Loop& loop_;
    std::vector<std::unique_ptr<Phone>>& phones_;
    std::function<void()> quit_;
    std::string unfinished_;
    std::deque<std::string> lines_;
    bool held_ = false, ended_ = false, watching_ = false;
};

}  // namespace patchbay::robot
