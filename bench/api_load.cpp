// Loads the ECSS interface with call_hold and call_unhold.
//   api_load PORT DOMAIN http|frames|bare CONNECTIONS SECONDS [RATE]
//       Each connection asks, waits for the answer, asks again: at once, or so that all of them together ask
//       RATE times a second.
//   api_load PORT DOMAIN events RATE SECONDS
//       Every operator listens, commands come at that rate a second over HTTP: the time from a command's
//       sending to its event at the listener.
// Standard input: lines of `operator password conversation`. Prints one line of JSON; times are milliseconds.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <fmt/core.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "api_client.hpp"

using namespace patchbay::bench;

namespace {

struct Measured {
    std::vector<double> ms;

    void add(Clock::time_point since) {
        ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - since).count());
    }
    void print(double seconds, std::size_t refused) {
        if (ms.empty()) fail("nothing was answered");
        std::ranges::sort(ms);
        const auto part = [&](double share) {
            return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
        };
        fmt::print(
            "{{\"count\": {}, \"per_second\": {:.0f}, \"p50\": {:.3f}, \"p99\": {:.3f}, \"p999\": {:.3f}, "
            "\"refused\": {}}}\n",
            ms.size(), static_cast<double>(ms.size()) / seconds, part(0.5), part(0.99), part(0.999), refused);
    }
};

// Waits for any of the connections.
class Poll {
  public:
    void add(const Connection& connection, std::uint32_t index) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u32 = index;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.descriptor(), &event);
    }
    template <typename Ready>
    void wait(int milliseconds, Ready ready) const {
        epoll_event events[64];
        const int count = ::epoll_wait(epoll_, events, 64, milliseconds);
        for (int n = 0; n < count; ++n) ready(events[n].data.u32);
    }

  private:
    int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
};

bool is_event(std::string_view frame) {
    return frame.substr(12, 4) == "9999";
}

bool is_success(std::string_view answer, Connection::Kind kind) {
    return kind == Connection::Kind::http ? answer.substr(9, 3) == "200" : answer.substr(16, 3) == "200";
}

void log_in(Connection& connection, const Conversation& conversation) {
    bool answered = false;
    connection.send(login_frame(conversation));
    while (!answered) {
        connection.receive([&](std::string_view text) {
            if (is_event(text)) return;
            if (!is_success(text, Connection::Kind::socket)) fail(std::string(text));
            answered = true;
        });
    }
}

// A connection with its own conversations, one command under way at most.
struct Worker {
    std::unique_ptr<Connection> connection;
    std::vector<Conversation> conversations;
    std::size_t current = 0;
    Clock::time_point due{};  ///< not to ask again before then
    bool waits = false;       ///< for an answer
};

enum class Mode { http, frames, bare };

Connection::Kind kind_of(Mode mode) {
    return mode == Mode::frames ? Connection::Kind::socket : Connection::Kind::http;
}

std::string request(Mode mode, const std::string& domain, const Conversation& conversation) {
    if (mode == Mode::bare) return "GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n";
    return mode == Mode::http ? http_request(domain, conversation) : command_frame(conversation);
}

void ask(Worker& worker, Mode mode, const std::string& domain) {
    auto& conversation = worker.conversations[worker.current];
    const auto text = request(mode, domain, conversation);
    worker.waits = true;
    conversation.asked = Clock::now();
    worker.connection->send(text);
}

// Over frames a connection is one operator's; over HTTP any.
std::vector<Worker> make_workers(const std::vector<Conversation>& all, Connection::Kind kind,
                                 std::size_t count, std::uint16_t port, const std::string& domain) {
    std::vector<Worker> workers(count);
    std::map<std::string, std::size_t> of_operator;
    for (std::size_t n = 0; n < all.size(); ++n) {
        const auto own = of_operator.try_emplace(all[n].operator_id, of_operator.size()).first->second;
        const auto which = kind == Connection::Kind::http ? n % count : own;
        if (which < count) workers[which].conversations.push_back(all[n]);
    }
    for (auto& worker : workers) {
        if (worker.conversations.empty()) fail("more connections than operators");
        worker.connection = std::make_unique<Connection>(port, kind, domain);
        if (kind == Connection::Kind::socket) log_in(*worker.connection, worker.conversations.front());
    }
    return workers;
}

struct Load {
    Mode mode;
    std::size_t connections;
    double seconds, rate;  ///< commands a second of all connections together; 0: as many as are answered
};

// Asks until the time is over; then leaves every conversation as it was found.
class Commands {
  public:
    Commands(const std::vector<Conversation>& all, const Load& load, std::uint16_t port,
             const std::string& domain)
        : load_(load),
          domain_(domain),
          workers_(make_workers(all, kind_of(load.mode), load.connections, port, domain)),
          outstanding_(workers_.size()),
          turn_(load.rate > 0 ? duration(static_cast<double>(workers_.size()) / load.rate)
                              : Clock::duration{}),
          begin_(Clock::now()),
          end_(begin_ + duration(load.seconds)) {}

    void run() {
        for (std::uint32_t n = 0; n < workers_.size(); ++n) {
            poll_.add(*workers_[n].connection, n);
            workers_[n].due = begin_ + turn_ / static_cast<int>(workers_.size()) * static_cast<int>(n);
        }
        while (outstanding_ > 0) {
            for (auto& worker : workers_)
                if (!worker.waits && worker.due <= Clock::now()) ask(worker, load_.mode, domain_);
            poll_.wait(paced() ? 0 : 1000, [&](std::uint32_t n) {
                workers_[n].connection->receive([&](std::string_view answer) { take(workers_[n], answer); });
            });
        }
        measured_.print(load_.seconds, refused_);
    }

  private:
    static Clock::duration duration(double seconds) {
        return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    }
    bool paced() const { return turn_ > Clock::duration{}; }

    void take(Worker& worker, std::string_view answer) {
        const auto kind = kind_of(load_.mode);
        if (kind == Connection::Kind::socket && is_event(answer)) return;
        auto& own = worker.conversations;
        auto& conversation = own[worker.current];
        const bool done = is_success(answer, kind);
        refused_ += done ? 0 : 1;
        conversation.is_held = done && load_.mode != Mode::bare && !conversation.is_held;
        worker.waits = false;
        worker.due += turn_;
        if (Clock::now() < end_) {
            measured_.add(conversation.asked);
            worker.current = (worker.current + 1) % own.size();
            return;
        }
        worker.due = end_;
        const auto held = std::ranges::find_if(own, &Conversation::is_held);
        worker.current = static_cast<std::size_t>(held - own.begin());
        if (held != own.end()) return;
        worker.waits = true;  // for nothing more
        --outstanding_;
    }

    const Load load_;
    const std::string& domain_;
    std::vector<Worker> workers_;
    const Poll poll_;
    Measured measured_;
    std::size_t refused_ = 0, outstanding_;
    const Clock::duration turn_;  ///< of one connection; 0: it asks again at once
    const Clock::time_point begin_, end_;
};

void run_events(std::vector<Conversation> all, std::uint16_t port, const std::string& domain, double rate,
                double seconds) {
    std::vector<std::unique_ptr<Connection>> listeners;
    std::unordered_map<std::string, std::size_t> place;
    std::map<std::string, bool> listening;
    const Poll poll;
    Connection asking(port, Connection::Kind::http, domain);
    constexpr std::uint32_t answers = ~0U;
    poll.add(asking, answers);
    for (std::size_t n = 0; n < all.size(); ++n) {
        place.emplace(all[n].id, n);
        if (!listening.emplace(all[n].operator_id, true).second) continue;
        listeners.push_back(std::make_unique<Connection>(port, Connection::Kind::socket, domain));
        log_in(*listeners.back(), all[n]);
        poll.add(*listeners.back(), static_cast<std::uint32_t>(listeners.size() - 1));
    }
    Measured measured;
    std::size_t refused = 0, sent = 0;
    const auto hear = [&](std::string_view frame) {
        static constexpr std::string_view key = R"("id":")";
        const auto at = frame.find(key);
        if (!is_event(frame) || at == std::string_view::npos) return;
        const auto found = place.find(std::string(frame.substr(at + key.size(), 16)));
        if (found == place.end() || all[found->second].asked == Clock::time_point{}) return;
        measured.add(all[found->second].asked);
        all[found->second].asked = {};
    };
    std::size_t answered = 0;
    const auto send = [&](Conversation& conversation) {
        conversation.asked = Clock::now();
        asking.send(http_request(domain, conversation));
        conversation.is_held = !conversation.is_held;
        ++sent;
    };
    const auto take = [&](int milliseconds) {
        poll.wait(milliseconds, [&](std::uint32_t n) {
            if (n != answers) return listeners[n]->receive(hear);
            asking.receive([&](std::string_view answer) {
                refused += is_success(answer, Connection::Kind::http) ? 0 : 1;
                ++answered;
            });
        });
    };
    const auto begin = Clock::now();
    const auto since = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    const auto total = static_cast<std::size_t>(rate * seconds);
    // The last answers and events may take a second.
    while (since() < seconds + 1) {
        for (const auto due = static_cast<std::size_t>(since() * rate); sent < std::min(due, total);)
            send(all[sent % all.size()]);
        take(sent < total ? 0 : 10);
    }
    measured.print(seconds, refused);
    // Every conversation is left as it was found.
    for (auto& conversation : all)
        if (conversation.is_held) send(conversation);
    while (answered < sent) take(100);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 6) return 2;
    const auto port = static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10));
    const std::string domain = argv[2], mode = argv[3];
    const auto amount = std::strtod(argv[4], nullptr), seconds = std::strtod(argv[5], nullptr);
    std::vector<Conversation> all;
    for (Conversation one; std::cin >> one.operator_id >> one.password >> one.id;) all.push_back(one);
    if (all.empty()) fail("no conversations on standard input");
    if (mode == "events") {
        run_events(all, port, domain, amount, seconds);
    } else {
        const auto chosen = mode == "http" ? Mode::http : mode == "bare" ? Mode::bare : Mode::frames;
        const auto rate = argc > 6 ? std::strtod(argv[6], nullptr) : 0;
        Commands(all, {chosen, static_cast<std::size_t>(amount), seconds, rate}, port, domain).run();
    }
    return 0;
}
