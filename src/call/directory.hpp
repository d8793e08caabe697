// Who is where: the numbers of each domain, and the operators seated at them. Looks up in constant time what
// the configuration holds in lists.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "call/call.hpp"
#include "config/config.hpp"

namespace patchbay::call {

/// Lets a map of strings be searched by string_view.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>{}(text);
    }
};
template <typename Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

/// Not thread-safe. Views into the configuration stay good until reload().
class Directory {
  public:
    explicit Directory(config::ConfigPtr config) { reload(std::move(config)); }

    /// Operators keep the seats they took since the start.
    void reload(config::ConfigPtr config);

    const config::Config& config() const { return *config_; }
    /// Names compare without case.
    const config::Domain* domain(std::string_view name) const;
    /// The party at an extension's number; nothing when the domain has no such extension.
    std::optional<Party> extension(std::string_view domain, std::string_view number) const;
    /// Do the settings say that a leg of these facts is recorded: its extension's, its operator's?
    bool records_party(const LegFacts& facts) const;
    /// Do those of the queue that the facts name?
    bool records_queue(const LegFacts& facts) const;
    /// What plays on hold in the domain; with the id of a queue, to who waits there, and on hold after that.
    Sound music(std::string_view domain, std::string_view queue_id = {}) const;
    /// Where the operator works; empty: nowhere, or somebody else sits there.
    std::string number_of(std::string_view domain, std::string_view operator_id) const;
    /// The queue that is reached by that number, or has that id; null when there is none.
    const config::Queue* queue_at(std::string_view domain, std::string_view number) const;
    const config::Queue* queue(std::string_view domain, std::string_view id) const;
    /// The group that answers for the queue: that of the first of its operators who has one.
    std::string group_of_queue(std::string_view domain, std::string_view id) const;
    /// The settings of that number for fax; null when it is none.
    const config::FaxNumber* fax_at(std::string_view domain, std::string_view number) const;
    /// Seats the operator at the number, and nobody else there; an empty number: at the configured one,
    /// unless somebody sits there. Who has to leave, and whose own number becomes free, goes to its own,
    /// likewise.
    Result<Done> seat(std::string_view domain, const std::string& operator_id, const std::string& number);

  private:
    struct Place {
        const config::Extension* extension = nullptr;
        const config::Operator* seated = nullptr;
    };
    struct Numbers {
        const config::Domain* domain = nullptr;
        TextMap<Place> places;
        TextMap<const config::Queue*> queues_by_number, queues_by_id;
    };

    static Numbers numbers_of(const config::Domain& domain, const TextMap<std::string>& seats);
    static void go_home(Numbers& numbers, const TextMap<std::string>& seats, const config::Operator& person);
    Numbers* find(std::string_view domain);
    const Numbers* find(std::string_view domain) const;

    config::ConfigPtr config_;
    TextMap<Numbers> domains_;             ///< by name in lower case
    TextMap<TextMap<std::string>> seats_;  ///< of each domain: operator → number, where a command put them
};

}  // namespace patchbay::call
