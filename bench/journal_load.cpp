// Load on the journal and history by themselves: two-leg calls of ten events, published flat out or at a
// rate.
//   journal_load FOLDER CALLS [CALLS_PER_SECOND] [SYNC_MS]
// Prints one line of JSON. CPU times are this process's; `publish_us` is what the switch thread pays.
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include <fmt/core.h>
#include <sys/resource.h>
#include <time.h>

#include "call/cause.hpp"
#include "history/history.hpp"
#include "history/store.hpp"
#include "journal/journal.hpp"

using namespace patchbay;
using std::chrono::steady_clock;

namespace {

double cpu_seconds(clockid_t clock) {
    timespec spent{};
    ::clock_gettime(clock, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

call::LegFactsPtr party(std::uint64_t n, call::Direction direction) {
    const auto number = std::to_string(100 + n % 300);
    const auto outside = "+7383" + std::to_string(1'000'000 + n * 7919 % 9'000'000);
    const bool is_operator = direction == call::Direction::in;
    auto facts = std::make_shared<call::LegFacts>();
    facts->domain = "demo.local";
    facts->number = is_operator ? number : outside;
    facts->display_name = is_operator ? "Operator " + number : "";
    facts->operator_id = is_operator ? number : "";
    facts->group = is_operator ? "sales" : "";
    facts->trunk = is_operator ? "" : "provider";
    facts->direction = direction;
    facts->called_number = number;
    facts->called_did = "+73832001010";
    facts->remote_number = is_operator ? outside : number;
    facts->remote_display_name = is_operator ? "" : "Operator " + number;
    facts->remote_operator_id = is_operator ? "" : number;
    facts->remote_group = is_operator ? "" : "sales";
    facts->started = Time{Milliseconds{1'700'000'000'000 + static_cast<std::int64_t>(n)}};
    return facts;
}

void publish_call(journal::Journal& journal, std::uint64_t n) {
    using namespace call;
    using enum LegState;
    const auto base = static_cast<std::uint64_t>(1'700'000'000'000'000) << 8;
    const LegId a{base + 2 * n}, b{base + 2 * n + 1};
    std::uint32_t sequence = 0;
    const auto add = [&](std::int64_t ms, LegId leg, LegState state, EventBody body) {
        const Time at{Milliseconds{1'700'000'000'000 + static_cast<std::int64_t>(n) + ms}};
        journal.publish({0, ++sequence, at, CallRef{base + n}, leg, state, std::move(body)});
    };
    add(0, a, initiating, LegStarted{party(n, Direction::out), {}, {}});
    add(1, b, initiating, LegStarted{party(n, Direction::in), {}, {}});
    add(100, b, alerting, LegAlerting{});
    add(100, a, alerting, LegAlerting{});
    add(2000, b, connected, LegConnected{});
    add(2000, a, connected, LegConnected{});
    add(2500, a, connected, DtmfPressed{'1'});
    add(9000, a, ended, LegEnded{causes::hung_up});
    add(9000, b, ended, LegEnded{passed_on(causes::hung_up)});
    add(9000, {}, idle, CallEnded{causes::hung_up});
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const std::string folder = argv[1];
    const auto calls = std::strtoull(argv[2], nullptr, 10);
    const double rate = argc > 3 ? std::strtod(argv[3], nullptr) : 0;
    journal::Options options;
    options.folder = folder + "/journal";
    options.sync = Milliseconds{argc > 4 ? std::atoi(argv[4]) : 10};
    const bool with_history = std::getenv("WITHOUT_HISTORY") == nullptr;

    journal::Journal journal(options);
    const auto begin_offset = journal.newest();
    std::unique_ptr<history::Store> store;
    std::unique_ptr<history::History> history;
    if (with_history) {
        store = history::open_store("sqlite:" + folder + "/history.db");
        history = std::make_unique<history::History>(*store, journal);
    }
    const auto begin = steady_clock::now();
    const auto cpu_begin = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    const auto own_begin = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
    for (std::uint64_t n = 0; n < calls; ++n) {
        if (rate > 0) {
            const auto due = begin + std::chrono::duration<double>(static_cast<double>(n) / rate);
            if (steady_clock::now() < due) std::this_thread::sleep_until(due);
        }
        publish_call(journal, n);
        while (journal.full()) std::this_thread::sleep_for(Milliseconds{1});
    }
    const auto own = cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - own_begin;
    while (journal.newest() < begin_offset + calls * 10) std::this_thread::sleep_for(Milliseconds{1});
    const auto journal_seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
    while (history && history->complete_to() < journal.newest()) std::this_thread::sleep_for(Milliseconds{1});
    const auto seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
    const auto cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin;
    const auto each = 1e6 / static_cast<double>(calls);
    fmt::print(
        "{{\"calls\": {}, \"journal_events_per_second\": {:.0f}, \"calls_per_second\": {:.0f}, "
        "\"publish_us_per_call\": {:.2f}, \"rest_us_per_call\": {:.2f}}}\n",
        calls, static_cast<double>(calls) * 10 / journal_seconds, static_cast<double>(calls) / seconds,
        own * each, (cpu - own) * each);
    return 0;
}
