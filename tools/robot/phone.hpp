// One phone: its registration, its calls, and how it meets what comes in.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call.hpp"
#include "facts.hpp"
#include "faults.hpp"
#include "loop.hpp"
#include "options.hpp"
#include "sender.hpp"
#include "transactions.hpp"
#include "waiter.hpp"

namespace patchbay::robot {

/// Uses the loop's thread. Throws std::system_error when it cannot bind its SIP port.
class Phone {
  public:
    /// `index`: which of several phones of the process; 0: the only one.
    Phone(Loop& loop, Options options, int index);
    Phone(const Phone&) = delete;
    Phone& operator=(const Phone&) = delete;

    Options& options() { return options_; }
    Facts& facts() { return facts_; }
    Transactions& transactions() { return transactions_; }
    Loop& loop() { return loop_; }
    Waiter& waiter() { return waiter_; }

    void register_now(int expires);
    /// Calls a number of the domain, or a whole URI. Returns the call's number.
    int call(const std::string& to, Invitation invitation);
    /// OPTIONS or any other request outside of dialogs.
    void request(std::string_view method, const std::string& to, const HeaderList& headers);
    /// The next requests of that method are met so.
    void add_rule(const Rule& rule) { rules_.push_back(rule); }
    /// The call of that number; 0: the latest that has not ended. Null when there is none.
    std::shared_ptr<Call> find(int number) const;
    const std::map<int, std::shared_ptr<Call>>& calls() const { return calls_; }
    bool busy() const;
    Flow server() const { return {options_.tcp, options_.server}; }
    /// Hangs everything up and unregisters.
    void leave();
    /// True when nothing of leave() is waiting for an answer any more.
    bool left() const;

  private:
    void receive(const Message& request, const Flow& from);
    bool rule_applies(const Message& request, bool in_dialog);
    void receive_invite(const Message& invite, const Flow& from);
    void meet(const std::shared_ptr<Call>& call);
    std::shared_ptr<Call> add_call();
    std::shared_ptr<Call> owner(const Message& request) const;
    std::shared_ptr<Call> call_with(std::string_view call_id) const;
    Dialog new_dialog(const std::string& remote_uri);
    void on_registered(const Message& response, int expires);
    void report();

    Loop& loop_;
    Options options_;
    Facts facts_;
    Transactions transactions_;
    Sender sender_;
    PhoneParts parts_;
    std::map<int, std::shared_ptr<Call>> calls_;
    int last_call_ = 0;
    std::vector<Rule> rules_;
    std::string register_id_, register_tag_;
    unsigned register_cseq_ = 0, other_cseq_ = 0;
    TimerId register_timer_;
    bool registered_ = false, registering_ = false;
    Waiter waiter_;
};

}  // namespace patchbay::robot
