// Records as version 4 of the stores kept them, and what becomes of them.
#pragma once

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "history/store.hpp"
#include "records.hpp"

namespace patchbay::history {

/// A called party, a caller whom an operator took, one whom nobody took, and two supervisors.
inline std::vector<Cdr> former_records() {
    std::vector<Cdr> records;
    for (std::uint64_t leg = 1; leg <= 5; ++leg) records.push_back(record(leg));
    for (const std::size_t called : {0, 3}) records[called].direction = call::Direction::in;
    for (const std::size_t supervisor : {3, 4}) records[supervisor].role = call::Role::observer;
    for (const std::size_t caller : {1, 2}) records[caller].operator_id.clear();
    records[2].agent_answered = {};
    return records;
}

/// Gives the ids of former_records() back what they held: the bit 2 for a leg that supervised.
inline constexpr std::string_view former_kinds =
    "UPDATE cdr SET id = (id & (~2)) | CASE WHEN role <> 0 THEN 2 ELSE 0 END";

inline void expect_brought_up_to_date(Store& store) {
    const auto legs = [&](Filter filter) {
        filter.domain = "demo.local";
        std::vector<std::uint64_t> found;
        const auto page = store.query(filter);
        EXPECT_TRUE(page) << page.error().text;
        if (page)
            for (const auto& cdr : page->records) found.push_back(cdr.leg.value);
        return found;
    };
    EXPECT_EQ(legs({.shown = true}), (std::vector<std::uint64_t>{3, 1}));
    EXPECT_EQ(legs({.operator_id = "101"}), (std::vector<std::uint64_t>{1}));
    auto added = record(6);
    ASSERT_TRUE(store.write(std::span(&added, 1), 2));
    EXPECT_EQ(legs({.operator_id = "101"}), (std::vector<std::uint64_t>{6, 1}));
}

}  // namespace patchbay::history
