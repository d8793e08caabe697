#include "history/postgres.hpp"

#include <algorithm>
#include <optional>

#include <libpq-fe.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace patchbay::history {
namespace {

// Filters come in many shapes; those in use are prepared again soon.
constexpr std::size_t most_prepared = 256;
// An entry of a B-tree must be shorter than 2,704 bytes.
constexpr std::size_t longest_text = 1000;

// Seconds for a connection to be made, and until a silent one counts as lost (milliseconds for what was
// sent).
constexpr const char* names[] = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                                 "keepalives_count", "tcp_user_timeout", "fallback_application_name",
                                 "dbname",           "client_encoding",  nullptr};

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

bool is_fine(const PGresult* result) {
    const auto status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

std::string acceptable(std::string_view text) {
    auto size = text.size();
    if (size > longest_text) {
        size = longest_text;
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    }
    auto taken = as_utf8(std::string(text.substr(0, size)));
    std::ranges::replace(taken, '\0', '?');
    return taken;
}

}  // namespace

void PostgresValues::bind(int at, std::int64_t value) {
    texts_.resize(static_cast<std::size_t>(at));
    texts_.back() = std::to_string(value);
}

void PostgresValues::bind(int at, std::string_view text) {
    texts_.resize(static_cast<std::size_t>(at));
    texts_.back() = acceptable(text);
}

std::vector<const char*> PostgresValues::pointers() const {
    std::vector<const char*> all;
    all.reserve(texts_.size());
    for (const auto& text : texts_) all.push_back(text.c_str());
    return all;
}

void PostgresRows::Clear::operator()(pg_result* result) const {
    PQclear(result);
}

bool PostgresRows::next() {
    return ++row_ < PQntuples(result_.get());
}

std::int64_t PostgresRows::number(int column) const {
    return to_number(PQgetvalue(result_.get(), row_, column)).value_or(0);
}

std::string PostgresRows::text(int column) const {
    return {PQgetvalue(result_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
}

PostgresConnection::~PostgresConnection() {
    PQfinish(connection_);
}

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const std::string& url,
                                                                     const std::string& settings) {
    // What the URL says of the same settings counts, for it comes later.
    const char* const values[] = {"5", "10", "5", "3", "15000", "patchbay", url.c_str(), "UTF8", nullptr};
    std::unique_ptr<PostgresConnection> made(new PostgresConnection(PQconnectdbParams(names, values, 1)));
    if (made->is_broken()) {
        const auto answers = PQpingParams(names, values, 1);
        const bool is_refusal = answers == PQPING_OK || answers == PQPING_NO_ATTEMPT;
        return Error{is_refusal ? "store" : "store_away", made->error(nullptr).text};
    }
    PQsetNoticeProcessor(
        made->connection_,
        [](void*, const char* notice) { log::debug("history", "PostgreSQL: {}", trim(notice)); }, nullptr);
    if (auto set = made->run(settings); !set) return set.error();
    return made;
}

Error PostgresConnection::error(const pg_result* result) const {
    const auto* said = result != nullptr ? PQresultErrorMessage(result) : PQerrorMessage(connection_);
    const std::string text(trim(said != nullptr && *said != '\0' ? said : PQerrorMessage(connection_)));
    const auto* field = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string_view state = field != nullptr ? field : "";
    // Class 57P: the server shuts down or was told to end the connection.
    if (is_broken() || state.starts_with("57P")) return {"store_away", text};
    if (state == "57014") return {"too_slow", text};
    // Lock not available, deadlock, serialization failure.
    if (state == "55P03" || state == "40P01" || state == "40001") return {"store_busy", text};
    // Data that fits no column or breaks a constraint: it will fit no better next time.
    if (state.starts_with("22") || state.starts_with("23")) return {"bad_record", text};
    return {"store", text};
}

bool PostgresConnection::is_broken() const {
    return PQstatus(connection_) != CONNECTION_OK;
}

Result<Done> PostgresConnection::run(const std::string& sql) {
    const Answer answer(PQexec(connection_, sql.c_str()), &PQclear);
    if (!is_fine(answer.get())) return error(answer.get());
    return Done{};
}

Result<std::string> PostgresConnection::prepared(const std::string& sql) {
    if (const auto known = names_.find(sql); known != names_.end()) return known->second;
    auto name = "s" + std::to_string(names_.size());
    const Answer answer(PQprepare(connection_, name.c_str(), sql.c_str(), 0, nullptr), &PQclear);
    if (!is_fine(answer.get())) return error(answer.get());
    names_.emplace(sql, name);
    return name;
}

Result<PostgresRows> PostgresConnection::ask(const std::string& sql, const PostgresValues& values) {
    if (names_.size() >= most_prepared) {
        if (auto done = run("DEALLOCATE ALL"); !done) return done.error();
        names_.clear();
    }
    auto name = prepared(sql);
    if (!name) return name.error();
    const auto pointers = values.pointers();
    Answer answer(PQexecPrepared(connection_, name->c_str(), static_cast<int>(pointers.size()),
                                 pointers.data(), nullptr, nullptr, 0),
                  &PQclear);
    if (!is_fine(answer.get())) return error(answer.get());
    return PostgresRows(answer.release());
}

Result<Done> PostgresConnection::run_all(std::span<const Step> steps) {
    for (const auto& step : steps)
        if (auto name = prepared(*step.sql); !name) return name.error();
    // In a pipeline all up to the next sync is one transaction.
    if (PQenterPipelineMode(connection_) != 1) return error(nullptr);
    auto sent = send_all(steps);
    std::optional<Error> refused;
    if (!sent) refused = sent.error();
    bool synced = !sent;
    while (!synced && !is_broken()) {
        const Answer answer(PQgetResult(connection_), &PQclear);
        if (!answer) continue;  // the end of one statement's answers
        const auto status = PQresultStatus(answer.get());
        synced = status == PGRES_PIPELINE_SYNC;
        const bool failed = !synced && status != PGRES_PIPELINE_ABORTED && !is_fine(answer.get());
        if (failed && !refused) refused = error(answer.get());
    }
    if (!refused && is_broken()) refused = error(nullptr);
    if (PQexitPipelineMode(connection_) != 1 && !refused) refused = error(nullptr);
    if (refused) return *refused;
    return Done{};
}

Result<Done> PostgresConnection::send_all(std::span<const Step> steps) {
    for (const auto& step : steps) {
        const auto pointers = step.values.pointers();
        if (PQsendQueryPrepared(connection_, names_.at(*step.sql).c_str(), static_cast<int>(pointers.size()),
                                pointers.data(), nullptr, nullptr, 0) != 1)
            return error(nullptr);
    }
    if (PQpipelineSync(connection_) != 1) return error(nullptr);
    return Done{};
}

}  // namespace patchbay::history
