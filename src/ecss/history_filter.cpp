#include "ecss/history_filter.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "ecss/json.hpp"
#include "ecss/lexical.hpp"

namespace patchbay::ecss {
namespace {

constexpr std::size_t signature_bytes = 16;
constexpr std::int64_t most_records = 1000;  // in one answer, whatever limit asks for

struct TextFilter {
    std::string_view attribute;
    std::string history::Filter::*member;
};

constexpr std::array text_filters{
    TextFilter{"number", &history::Filter::number},
    TextFilter{"from_number", &history::Filter::from_number},
    TextFilter{"to_number", &history::Filter::to_number},
    TextFilter{"cc_agent_group", &history::Filter::group},
    TextFilter{"cc_agent_a_group", &history::Filter::group_a},
    TextFilter{"cc_agent_b_group", &history::Filter::group_b},
    TextFilter{"cc_agent_id", &history::Filter::agent},
    TextFilter{"cc_agent_a_id", &history::Filter::agent_a},
    TextFilter{"cc_agent_b_id", &history::Filter::agent_b},
    TextFilter{"display_name", &history::Filter::display_name},
    TextFilter{"display_name_a", &history::Filter::display_name_a},
    TextFilter{"display_name_b", &history::Filter::display_name_b},
};

Error invalid(std::string text) {
    return Error{"invalid_request", std::move(text)};
}

Error no_tag() {
    return invalid(
        "Element 'filters', attribute 'tag': The tag was not made by this server for this operator, or is "
        "no longer valid. Ask again without it.");
}

Result<Done> read_date(const Node& filters, std::string_view name, std::optional<Time>& date) {
    const auto text = filters.attribute(name);
    if (text.empty()) return Done{};
    date = parse_date_time(text, '/');
    if (date) return Done{};
    return invalid(fmt::format(
        "Element 'filters', attribute '{}': '{}' is no date of the form YYYY/MM/DD HH:MM:SS.", name, text));
}

Result<history::Filter> read_filters(const Node& filters) {
    history::Filter filter;
    for (const auto& [attribute, member] : text_filters) filter.*member = filters.attribute(attribute);
    if (const auto from = read_date(filters, "from_date", filter.from); !from) return from.error();
    if (const auto to = read_date(filters, "to_date", filter.to); !to) return to.error();
    // The wire has whole seconds: the last one counts to its end.
    if (filter.to) *filter.to += Milliseconds{999};
    if (const auto direction = filters.attribute("direction"); !direction.empty()) {
        filter.direction = direction == "in" ? call::Direction::in : call::Direction::out;
    }
    filter.skip_incomplete = boolean(filters.attribute("skip_incomplete"), true);
    return filter;
}

bool is_page_attribute(const std::pair<std::string, std::string>& attribute) {
    return attribute.first == "offset" || attribute.first == "limit" || attribute.first == "tag";
}

}  // namespace

std::string HistoryTags::signature(std::string_view text) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    return {reinterpret_cast<const char*>(digest.data()), signature_bytes};
}

std::string HistoryTags::write(const HistoryQuery& query, const history::Cdr& last) const {
    const Node place{"after",
                     {{"domain", query.filter.domain},
                      {"operator", query.asked_by},
                      {"command", query.command},
                      {"start", fmt::to_string(last.started.time_since_epoch().count())},
                      {"leg", last.leg.text()}},
                     {query.filters}};
    const auto text = json_from_node(place);
    return base64(signature(text) + text);
}

Result<HistoryQuery> HistoryTags::read(const Node& filters, std::string_view domain,
                                       std::string_view operator_id, std::string_view command) const {
    HistoryQuery query;
    query.command = command;
    query.asked_by = operator_id;
    std::optional<history::Cursor> after;
    if (const auto tag = filters.attribute("tag"); !tag.empty()) {
        const auto bytes = from_base64(tag);
        if (!bytes || bytes->size() < signature_bytes) return no_tag();
        const auto text = std::string_view(*bytes).substr(signature_bytes);
        if (!equal_in_constant_time(signature(text), std::string_view(*bytes).substr(0, signature_bytes))) {
            return no_tag();
        }
        const auto place = node_from_json(text);
        if (!place || place->attribute("domain") != domain || place->attribute("operator") != operator_id ||
            place->attribute("command") != command || place->content.size() != 1) {
            return no_tag();
        }
        const auto start = to_number(place->attribute("start"));
        const auto leg = LegId::parse(place->attribute("leg"));
        if (!start || !leg) return no_tag();
        after = history::Cursor{Time{Milliseconds{*start}}, *leg};
        query.filters = place->content.front();
    } else {
        query.filters = filters;
        std::erase_if(query.filters.attributes, is_page_attribute);
    }
    auto filter = read_filters(query.filters);
    if (!filter) return filter.error();
    query.filter = std::move(*filter);
    query.filter.domain = domain;
    query.filter.operator_id = operator_id;
    query.filter.after = after;
    // The schema keeps this one within an int.
    query.filter.offset = static_cast<int>(integer(filters.attribute("offset")).value_or(0));
    const auto limit = integer(filters.attribute("limit")).value_or(most_records);
    query.filter.limit = static_cast<int>(std::min(limit, most_records));
    return query;
}

}  // namespace patchbay::ecss
