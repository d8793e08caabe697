#include "history/row.hpp"

#include <cmath>
#include <memory>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"

namespace patchbay::history {
namespace {

std::int64_t count(Time time) {
    return time.time_since_epoch().count();
}

Time time_of(std::int64_t milliseconds) {
    return Time{Milliseconds{milliseconds}};
}

constexpr std::string_view fax_line = "fax ", failed_fax_line = "failed fax ";

void split_urls(const std::string& joined, Cdr& cdr) {
    if (joined.empty()) return;
    for (const auto line : split(joined, '\n')) {
        if (line.starts_with(fax_line)) {
            cdr.success_faxes.emplace_back(line.substr(fax_line.size()));
        } else if (line.starts_with(failed_fax_line)) {
            cdr.failed_faxes.emplace_back(line.substr(failed_fax_line.size()));
        } else {
            cdr.urls.emplace_back(line);
        }
    }
}

call::QualityPtr read_quality(const Row& row) {
    auto codec = row.text(23);
    if (codec.empty()) return nullptr;
    const auto count = [&](int column) { return static_cast<std::uint64_t>(row.number(column)); };
    return std::make_shared<call::Quality>(call::Quality{.codec = std::move(codec),
                                                         .received = count(24),
                                                         .sent = count(25),
                                                         .lost = count(26),
                                                         .lost_remote = count(27),
                                                         .jitter = Milliseconds{row.number(28)},
                                                         .round_trip = Milliseconds{row.number(29)},
                                                         .mos = static_cast<double>(row.number(30)) / 100});
}

}  // namespace

std::int64_t first_id(LegId leg) {
    return static_cast<std::int64_t>(leg.value << kind::bits);
}

std::int64_t last_id(LegId leg) {
    return first_id(leg) | ((1 << kind::bits) - 1);
}

std::int64_t record_id(const Cdr& cdr) {
    return first_id(cdr.leg) | (cdr.rang ? kind::rang : 0) |
           (cdr.shown == (cdr.direction == call::Direction::out) ? kind::turned : 0) |
           (cdr.direction == call::Direction::out ? kind::out : 0);
}

std::string own_operator_sql(char parameter) {
    constexpr int id_at = 1, role_at = 7, a_operator_at = 13, b_operator_at = 17;
    return fmt::format("CASE WHEN {0}{1}<>0 THEN '' WHEN {0}{2}&{3}<>0 THEN {0}{4} ELSE {0}{5} END",
                       parameter, role_at, id_at, kind::out, a_operator_at, b_operator_at);
}

std::string joined_urls(const Cdr& cdr) {
    std::string joined;
    const auto add = [&joined](std::string_view before, const std::vector<std::string>& lines) {
        for (const auto& line : lines) {
            if (!joined.empty()) joined += '\n';
            joined.append(before).append(line);
        }
    };
    add({}, cdr.urls);
    add(fax_line, cdr.success_faxes);
    add(failed_fax_line, cdr.failed_faxes);
    return joined;
}

void bind_record(Bindings& bindings, const Cdr& cdr, const std::string& urls, std::int64_t domain) {
    int at = 1;
    const auto numbers = [&](auto... values) {
        (bindings.bind(at++, static_cast<std::int64_t>(values)), ...);
    };
    const auto texts = [&](const auto&... values) { (bindings.bind(at++, std::string_view(values)), ...); };
    numbers(record_id(cdr), cdr.call.value, count(cdr.started), count(cdr.answered), count(cdr.released),
            cdr.held.count(), cdr.role, cdr.released_by, cdr.sip);
    texts(cdr.cause);
    const auto own = [&] { texts(cdr.number, cdr.display_name, cdr.operator_id, cdr.group); };
    const auto other = [&] {
        texts(cdr.remote_number, cdr.remote_display_name, cdr.remote_operator_id, cdr.remote_group);
    };
    if (cdr.direction == call::Direction::out) {
        own(), other();
    } else {
        other(), own();
    }
    texts(cdr.called_number, cdr.called_did, cdr.trunk, cdr.queue_id, urls);
    static const call::Quality no_audio;
    const auto& quality = cdr.quality ? *cdr.quality : no_audio;
    texts(quality.codec);
    numbers(quality.received, quality.sent, quality.lost, quality.lost_remote, quality.jitter.count(),
            quality.round_trip.count(), std::lround(quality.mos * 100));
    numbers(count(cdr.distributed), count(cdr.agent_answered));
    numbers(domain, first_id(cdr.leg), last_id(cdr.leg));
}

Cdr read_record(const Row& row, const std::string& domain) {
    Cdr cdr;
    const auto id = row.number(0);
    cdr.domain = domain;
    cdr.leg = LegId{static_cast<std::uint64_t>(id) >> kind::bits};
    cdr.rang = (id & kind::rang) != 0;
    cdr.direction = (id & kind::out) != 0 ? call::Direction::out : call::Direction::in;
    cdr.shown = ((id & kind::out) != 0) == ((id & kind::turned) != 0);
    cdr.call = CallRef{static_cast<std::uint64_t>(row.number(1))};
    cdr.started = time_of(row.number(2));
    cdr.answered = time_of(row.number(3));
    cdr.released = time_of(row.number(4));
    cdr.held = Milliseconds{row.number(5)};
    cdr.role = static_cast<call::Role>(row.number(6));
    cdr.released_by = static_cast<ReleasedBy>(row.number(7));
    cdr.sip = static_cast<int>(row.number(8));
    cdr.cause = row.text(9);
    const bool out = cdr.direction == call::Direction::out;
    const int own = out ? 10 : 14, other = out ? 14 : 10;
    cdr.number = row.text(own);
    cdr.display_name = row.text(own + 1);
    cdr.operator_id = row.text(own + 2);
    cdr.group = row.text(own + 3);
    cdr.remote_number = row.text(other);
    cdr.remote_display_name = row.text(other + 1);
    cdr.remote_operator_id = row.text(other + 2);
    cdr.remote_group = row.text(other + 3);
    cdr.called_number = row.text(18);
    cdr.called_did = row.text(19);
    cdr.trunk = row.text(20);
    cdr.queue_id = row.text(21);
    split_urls(row.text(22), cdr);
    cdr.quality = read_quality(row);
    cdr.distributed = time_of(row.number(31));
    cdr.agent_answered = time_of(row.number(32));
    return cdr;
}

}  // namespace patchbay::history
