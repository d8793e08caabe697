// Fills history's store and asks it with each filter.
//   history_load DATABASE RECORDS [RECORDS_A_BATCH]
// Prints a line of JSON for writing (while another thread reads) and one for each filter: microseconds of the
// first and the hundredth page of 50, the hundredth both by cursor and by offset.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <time.h>

#include "history/sqlite_store.hpp"

using namespace patchbay;
using namespace patchbay::history;
using std::chrono::steady_clock;

namespace {

constexpr std::uint64_t first_leg = 1'700'000'000'000'000ULL << 8;
constexpr int operators = 500, groups = 20;

std::string outside(std::mt19937& random) {
    return fmt::format("+7{:010}", random() % 2'000'000);
}

// One of the two records of a call: odd ones are the operator's leg, even ones the outside party's.
Cdr make(std::uint64_t n, std::mt19937& random) {
    const bool is_operator = n % 2 == 1, operator_called = random() % 4 == 0;
    const auto which = random() % operators;
    Cdr cdr;
    cdr.leg = LegId{first_leg + n * 2'560'000};
    cdr.call = CallRef{first_leg + n / 2};
    cdr.domain = "demo.local";
    cdr.direction = is_operator == operator_called ? call::Direction::out : call::Direction::in;
    std::string* const names[2][4] = {
        {&cdr.number, &cdr.display_name, &cdr.operator_id, &cdr.group},
        {&cdr.remote_number, &cdr.remote_display_name, &cdr.remote_operator_id, &cdr.remote_group}};
    auto& op = names[is_operator ? 0 : 1];
    *op[0] = std::to_string(1000 + which);
    *op[1] = fmt::format("Operator {}", which);
    *op[2] = *op[0];
    *op[3] = fmt::format("group{}", which % groups);
    *names[is_operator ? 1 : 0][0] = outside(random);
    cdr.called_number = "600";
    cdr.trunk = is_operator ? "" : "provider";
    cdr.queue_id = "sales";
    cdr.started = Time{Milliseconds{1'700'000'000'000 + static_cast<std::int64_t>(n) * 10}};
    cdr.answered = cdr.started + Milliseconds{5000};
    cdr.released = cdr.answered + Milliseconds{random() % 300'000};
    cdr.cause = "hung_up";
    cdr.rang = random() % 20 != 0;
    return cdr;
}

double thread_cpu() {
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

void write(Store& store, std::uint64_t count, std::size_t batch_size) {
    std::mt19937 random(1);
    std::atomic<bool> done{false};
    std::uint64_t reads = 0;
    std::thread reader([&] {
        std::mt19937 own(2);
        while (!done) {
            Filter filter;
            filter.domain = "demo.local";
            filter.operator_id = std::to_string(1000 + own() % operators);
            reads += store.query(filter).ok() ? 1 : 0;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    });
    double cpu = 0;
    std::vector<Cdr> batch;
    const auto begin = steady_clock::now();
    for (std::uint64_t n = 0; n < count;) {
        batch.clear();
        while (batch.size() < batch_size && n < count) batch.push_back(make(n++, random));
        const auto before = thread_cpu();
        if (!store.write(batch, n)) std::abort();
        cpu += thread_cpu() - before;
    }
    const auto seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
    done = true;
    reader.join();
    fmt::print(
        "{{\"records\": {}, \"records_per_second\": {:.0f}, \"cpu_us_per_record\": {:.1f}, \"reads\": {}}}\n",
        count, static_cast<double>(count) / seconds, cpu / static_cast<double>(count) * 1e6, reads);
}

struct Times {
    std::vector<double> us;
    std::string text() {
        std::ranges::sort(us);
        return fmt::format("[{:.0f}, {:.0f}]", us[us.size() / 2], us[us.size() * 99 / 100]);
    }
};

Page timed(Store& store, const Filter& filter, Times& times) {
    const auto begin = steady_clock::now();
    auto page = store.query(filter);
    times.us.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - begin).count());
    if (!page) std::abort();
    return std::move(*page);
}

void read(Store& store, const std::string& name, const std::function<void(Filter&, std::mt19937&)>& set) {
    constexpr int rounds = 200, hundredth = 99;
    std::mt19937 random(3);
    Times first, by_cursor, by_offset;
    for (int round = 0; round < rounds; ++round) {
        Filter filter;
        filter.domain = "demo.local";
        set(filter, random);
        timed(store, filter, first);
        auto deep = filter;
        deep.offset = hundredth * deep.limit;
        const auto page = timed(store, deep, by_offset);
        if (page.records.empty()) continue;
        filter.after = Cursor{page.records.front().started, LegId{page.records.front().leg.value + 1}};
        timed(store, filter, by_cursor);
    }
    if (by_cursor.us.empty()) by_cursor.us.push_back(0);
    fmt::print(
        "{{\"filter\": \"{}\", \"p50_p99_us\": {{\"first\": {}, \"hundredth\": {}, \"hundredth_by_offset\": "
        "{}}}}}\n",
        name, first.text(), by_cursor.text(), by_offset.text());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    SqliteStore store(argv[1]);
    const auto count = std::strtoull(argv[2], nullptr, 10);
    if (store.journal_offset() < count)
        write(store, count, argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 500);
    const auto number = [](auto& random) { return std::to_string(1000 + random() % operators); };
    const auto group = [](auto& random) { return fmt::format("group{}", random() % groups); };
    const auto person = [](auto& random) { return fmt::format("Operator {}", random() % operators); };
    read(store, "none", [](Filter&, auto&) {});
    read(store, "operator_id", [&](Filter& f, auto& r) { f.operator_id = number(r); });
    read(store, "operator_id, in", [&](Filter& f, auto& r) {
        f.operator_id = number(r);
        f.direction = call::Direction::in;
    });
    read(store, "number, an operator's", [&](Filter& f, auto& r) { f.number = number(r); });
    read(store, "number, outside", [&](Filter& f, auto& r) { f.number = outside(r); });
    read(store, "from_number", [&](Filter& f, auto& r) { f.from_number = number(r); });
    read(store, "to_number", [&](Filter& f, auto& r) { f.to_number = number(r); });
    read(store, "group", [&](Filter& f, auto& r) { f.group = group(r); });
    read(store, "group_b", [&](Filter& f, auto& r) { f.group_b = group(r); });
    read(store, "agent", [&](Filter& f, auto& r) { f.agent = number(r); });
    read(store, "display_name", [&](Filter& f, auto& r) { f.display_name = person(r); });
    read(store, "direction", [&](Filter& f, auto&) { f.direction = call::Direction::out; });
    read(store, "from and to", [&](Filter& f, auto& r) {
        f.from = Time{Milliseconds{1'700'000'000'000 + static_cast<std::int64_t>(r() % (count * 10 / 2))}};
        f.to = *f.from + Milliseconds{static_cast<std::int64_t>(count) * 2};
    });
    return 0;
}
