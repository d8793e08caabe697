// Every call and leg of the switch, by id and by whose they are. What ended stays until sweep(), so that one
// turn of the switch may go on speaking of it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "call/call.hpp"
#include "call/directory.hpp"

namespace patchbay::call {

/// Not thread-safe. References stay good until the sweep() after their call or leg was removed.
class CallStore {
  public:
    CallStore();

    Call& add_call(CallRef ref, std::string domain);
    void remove_call(Call& call);
    /// The leg's id and facts must be set.
    Leg& add_leg(Call& call, std::unique_ptr<Leg> leg);
    void remove_leg(Leg& leg);
    void move_leg(Leg& leg, Call& to);
    /// The leg, until now nobody's, has an operator: these are its facts from now on.
    void give_operator(Leg& leg, LegFactsPtr facts);
    /// Frees what was removed.
    void sweep();

    Leg* leg(LegId id) const;
    Call* call(CallRef ref) const;
    std::size_t legs() const { return legs_.size(); }
    std::size_t calls() const { return calls_.size(); }
    const std::unordered_map<CallRef, std::unique_ptr<Call>>& all() const { return calls_; }

    /// Who waits in a slot of the domain, and whom the ended leg `parker` parked.
    Leg* parked_at(std::string_view domain, int slot) const;
    Leg* parked_by(LegId parker) const;
    /// The lowest free one of these slots; 0 when there is none.
    int free_slot(std::string_view domain, int first, int last) const;
    /// Called with the call's parking set; and before it is taken away.
    void note_parked(const Call& call);
    void forget_parked(const Call& call);

    /// Legs whose number or operator that is, and legs they parked, in order of id.
    std::vector<Leg*> of_number(std::string_view domain, std::string_view number) const;
    std::vector<Leg*> of_operator(std::string_view domain, std::string_view operator_id) const;

  private:
    using Index = TextMap<std::vector<LegId>>;

    static std::string key(std::string_view domain, std::string_view name);
    static void index(Index& by, std::string_view domain, const std::string& name, LegId leg);
    static void unindex(Index& by, std::string_view domain, const std::string& name, LegId leg);
    std::vector<Leg*> found_in(const Index& by, std::string_view domain, std::string_view name) const;

    std::unordered_map<CallRef, std::unique_ptr<Call>> calls_;
    std::unordered_map<LegId, Leg*> legs_;
    Index by_number_, by_operator_;
    TextMap<std::map<int, LegId>> slots_;  ///< of each domain
    std::unordered_map<LegId, LegId> parkers_;
    std::vector<std::unique_ptr<Leg>> gone_legs_;
    std::vector<std::unique_ptr<Call>> gone_calls_;
};

}  // namespace patchbay::call
