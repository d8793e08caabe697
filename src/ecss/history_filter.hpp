// What the histories ask for: its filters, and the tag that continues an earlier answer.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ecss/node.hpp"
#include "history/store.hpp"

namespace patchbay::ecss {

/// A query as the store takes it, with the attributes that made it: what its tag will carry.
struct HistoryQuery {
    history::Filter filter;
    Node filters;
    std::string command, asked_by;
};

/// Writes and reads tags: keyset cursors with the effective filters, signed, bound to one operator. Any
/// thread.
class HistoryTags {
  public:
    /// `secret` signs them; whoever has another one takes none of these.
    explicit HistoryTags(std::string secret) : secret_(std::move(secret)) {}

    /// The tag that continues after `last`, the last record of the answer to `query`.
    std::string write(const HistoryQuery& query, const history::Cdr& last) const;
    /// The query of a valid element `filters`. When that has a tag, the tag's filters hold, and only offset
    /// and limit are taken from the request. `command`: the history that is asked for. Errors:
    /// `invalid_request` for a date or tag that is none.
    Result<HistoryQuery> read(const Node& filters, std::string_view domain, std::string_view operator_id,
                              std::string_view command) const;

  private:
    std::string signature(std::string_view text) const;
    std::string secret_;
};

}  // namespace patchbay::ecss
