// Asks history's store with each filter, and writes to it while it is read.
//   history_load URL RECORDS fill|read|write [SECONDS]
// Fills the store first when it is new. `read` prints a line of JSON for each filter and one for the store's
// client library alone, `write` one. Times are microseconds; first and hundredth page of 50, the latter by
// tag's cursor and by offset.
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

#include "history/postgres.hpp"
#include "history/sqlite.hpp"
#include "history/store.hpp"
#include "history_fill.hpp"

using namespace patchbay;
using namespace patchbay::bench;
using namespace patchbay::history;
using std::chrono::steady_clock;

namespace {

// So many that the 99th percentile is no matter of chance: the machine itself stops for a millisecond now and
// then.
constexpr int rounds = 4000, warm_up = 40, hundredth = 99;

struct Times {
    std::vector<double> us;

    /// What the work gave, or the end of the program when it failed.
    template <typename Work>
    auto measure(Work work) {
        const auto begin = steady_clock::now();
        auto done = work();
        us.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - begin).count());
        if (!done) {
            fmt::print(stderr, "{}\n", done.error().text);
            std::exit(1);
        }
        return std::move(*done);
    }
    std::string text() {
        if (us.empty()) return "[0, 0]";
        std::ranges::sort(us);
        return fmt::format("[{:.0f}, {:.0f}]", us[us.size() / 2], us[us.size() * 99 / 100]);
    }
};

std::string operator_number(std::mt19937& random) {
    return std::to_string(1000 + random() % operators);
}

Filter of_operator(std::mt19937& random) {
    return {.domain = "demo.local", .operator_id = operator_number(random)};
}

// Writes as fast as the store takes it, in batches as history's own when it is busy, while a reader asks.
void write(Store& store, std::uint64_t from, double seconds) {
    constexpr std::size_t batch_size = 2000;
    std::atomic<bool> done{false};
    Times reads;
    std::thread reader([&] {
        std::mt19937 random(2);
        while (!done) {
            reads.measure([&] { return store.query(of_operator(random)); });
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    });
    std::mt19937 random(static_cast<unsigned>(from));
    std::vector<Cdr> batch;
    const auto begin = steady_clock::now();
    double spent = 0;
    auto n = from;
    while (spent < seconds) {
        batch.clear();
        while (batch.size() < batch_size) batch.push_back(nth_record(n++, random()));
        if (const auto written = store.write(batch, n); !written) {
            fmt::print(stderr, "{}\n", written.error().text);
            std::exit(1);
        }
        spent = std::chrono::duration<double>(steady_clock::now() - begin).count();
    }
    done = true;
    reader.join();
    fmt::print("{{\"ingest_per_second\": {:.0f}, \"reads\": {}, \"reads_us\": {}}}\n",
               static_cast<double>(n - from) / spent, reads.us.size(), reads.text());
}

void read(Store& store, const std::string& name, const std::function<void(Filter&, std::mt19937&)>& set) {
    std::mt19937 random(3);
    Times first, by_cursor, by_offset;
    for (int round = 0; round < rounds + warm_up; ++round) {
        if (round == warm_up) first.us.clear(), by_cursor.us.clear(), by_offset.us.clear();
        Filter filter{.domain = "demo.local"};
        set(filter, random);
        first.measure([&] { return store.query(filter); });
        auto deep = filter;
        deep.offset = hundredth * deep.limit;
        const auto page = by_offset.measure([&] { return store.query(deep); });
        if (page.records.empty()) continue;
        filter.after = Cursor{page.records.front().started, LegId{page.records.front().leg.value + 1}};
        by_cursor.measure([&] { return store.query(filter); });
    }
    fmt::print("{{\"filter\": \"{}\", \"first\": {}, \"hundredth\": {}, \"hundredth_by_offset\": {}}}\n",
               name, first.text(), by_cursor.text(), by_offset.text());
}

// The least that can be asked: one value on one side, the first page, nothing else.
constexpr const char* bare_query =
    "SELECT * FROM cdr WHERE domain=1 AND a_number<>'' AND a_number=$1 ORDER BY started DESC, id DESC LIMIT "
    "50";

void ask_bare(const std::string& url) {
    static constexpr std::string_view sqlite = "sqlite:";
    std::mt19937 random(4);
    Times times;
    std::unique_ptr<Database> file;
    std::unique_ptr<PostgresConnection> server;
    if (url.starts_with(sqlite)) {
        file = std::move(Database::open(url.substr(sqlite.size()), Database::Mode::read).value());
    } else {
        server = std::move(PostgresConnection::open(url, "SET search_path=patchbay").value());
    }
    for (int round = 0; round < rounds + warm_up; ++round) {
        if (round == warm_up) times.us.clear();
        const auto number = operator_number(random);
        times.measure([&]() -> Result<Done> {
            if (server) {
                PostgresValues values;
                values.bind(1, std::string_view(number));
                const auto rows = server->ask(bare_query, values);
                if (!rows) return rows.error();
                return Done{};
            }
            auto statement = file->prepared(bare_query);
            if (!statement) return statement.error();
            (*statement)->bind(1, std::string_view(number));
            auto row = (*statement)->step();
            while (row && *row) row = (*statement)->step();
            (*statement)->reset();
            if (!row) return row.error();
            return Done{};
        });
    }
    fmt::print("{{\"bare\": {}}}\n", times.text());
}

void read_all(Store& store, std::uint64_t count) {
    const auto number = operator_number;
    const auto group = [](auto& random) { return fmt::format("group{}", random() % groups); };
    const auto person = [](auto& random) { return fmt::format("Operator {}", random() % operators); };
    const auto outside = [](auto& random) { return fmt::format("+7{:010}", random() % outside_numbers); };
    read(store, "none", [](Filter&, auto&) {});
    read(store, "operator_id", [&](Filter& f, auto& r) { f.operator_id = number(r); });
    read(store, "number, an operator's", [&](Filter& f, auto& r) { f.number = number(r); });
    read(store, "number, outside", [&](Filter& f, auto& r) { f.number = outside(r); });
    read(store, "from_number", [&](Filter& f, auto& r) { f.from_number = number(r); });
    read(store, "to_number", [&](Filter& f, auto& r) { f.to_number = number(r); });
    read(store, "group", [&](Filter& f, auto& r) { f.group = group(r); });
    read(store, "group_a", [&](Filter& f, auto& r) { f.group_a = group(r); });
    read(store, "group_b", [&](Filter& f, auto& r) { f.group_b = group(r); });
    read(store, "agent", [&](Filter& f, auto& r) { f.agent = number(r); });
    read(store, "agent_a", [&](Filter& f, auto& r) { f.agent_a = number(r); });
    read(store, "agent_b", [&](Filter& f, auto& r) { f.agent_b = number(r); });
    read(store, "display_name", [&](Filter& f, auto& r) { f.display_name = person(r); });
    read(store, "display_name_a", [&](Filter& f, auto& r) { f.display_name_a = person(r); });
    read(store, "display_name_b", [&](Filter& f, auto& r) { f.display_name_b = person(r); });
    read(store, "direction", [&](Filter& f, auto&) { f.direction = call::Direction::out; });
    read(store, "not skip_incomplete", [&](Filter& f, auto&) { f.skip_incomplete = false; });
    read(store, "shown, group", [&](Filter& f, auto& r) { f.group = group(r), f.shown = true; });
    read(store, "from_date", [&](Filter& f, auto& r) { f.from = start_of_record(r() % (count / 2)); });
    read(store, "to_date",
         [&](Filter& f, auto& r) { f.to = start_of_record(count / 2 + r() % (count / 2)); });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    const std::string url = argv[1], work = argv[3];
    const auto count = std::strtoull(argv[2], nullptr, 10);
    const auto begin = steady_clock::now();
    prepare(url, count);
    fmt::print("{{\"prepared_in_seconds\": {:.0f}}}\n",
               std::chrono::duration<double>(steady_clock::now() - begin).count());
    if (work == "fill") return 0;
    const auto store = open_store(url);
    if (work == "read") {
        ask_bare(url);
        read_all(*store, count);
    } else if (work == "write" && argc > 4) {
        write(*store, store->journal_offset().value(), std::strtod(argv[4], nullptr));
    } else {
        return 2;
    }
    return 0;
}
