// The robot: a scripted SIP phone. See docs/manual/robot.md.
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <vector>

#include <sys/signalfd.h>
#include <unistd.h>

#include "command_line.hpp"
#include "lines.hpp"
#include "loop.hpp"
#include "phone.hpp"
#include "traffic.hpp"

namespace patchbay::robot {

namespace {

constexpr int could_not_start = 1, left_calls_open = 3;
constexpr Milliseconds longest_leave{3000}, look_whether_left{20};

/// The signals that end the program, as a descriptor.
Descriptor ending_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return Descriptor(signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
}

/// The whole program between start and end.
class Program {
  public:
    explicit Program(const CommandLine& line)
        : line_(line),
          signals_(ending_signals()),
          lines_(loop_, phones_,
                 [this] {
                     if (!line_.stay) leave();
                 }),
          traffic_(loop_, line.traffic, phones_) {}

    int run() {
        for (int i = 0; i < line_.traffic.phones; ++i)
            phones_.push_back(std::make_unique<Phone>(loop_, options_of_phone(line_, i),
                                                      line_.traffic.phones > 1 ? i + 1 : 0));
        loop_.watch(signals_.get(), [this] {
            loop_.forget(signals_.get());
            leave();
        });
        if (!line_.script.empty() && !lines_.read_file(line_.script)) {
            std::fprintf(stderr, "robot: cannot read %s\n", line_.script.c_str());
            return could_not_start;
        }
        if (line_.traffic.on)
            traffic_.start();
        else if (line_.script.empty())
            lines_.read_input();
        loop_.run();
        return exit_code_;
    }

  private:
    void leave() {
        if (leaving_) return;
        leaving_ = true;
        traffic_.stop();
        for (const auto& phone : phones_) phone->leave();
        deadline_ = loop_.now() + longest_leave;
        look();
    }

    void look() {
        bool left = true;
        for (const auto& phone : phones_) left = left && phone->left();
        if (left || loop_.now() >= deadline_) {
            exit_code_ = left ? 0 : left_calls_open;
            loop_.stop();
            return;
        }
        loop_.timers().after(look_whether_left, [this] { look(); });
    }

    CommandLine line_;
    Loop loop_;
    Descriptor signals_;
    std::vector<std::unique_ptr<Phone>> phones_;
    Lines lines_;
    TrafficMaker traffic_;
    bool leaving_ = false;
    Ticks deadline_{};
    int exit_code_ = 0;
};

}  // namespace

}  // namespace patchbay::robot

int main(int argc, char** argv) {
    using namespace patchbay::robot;
    CommandLine line;
    if (const auto code = read_command_line(argc, argv, line)) return *code;
    try {
        return Program(line).run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "robot: %s\n", error.what());
        return could_not_start;
    }
}
