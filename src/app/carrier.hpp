// What other threads have for one that lives on the switch thread: commands, of which there may be too many,
// and facts, which are never refused.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/mailbox.hpp"
#include "call/command.hpp"

namespace patchbay::app {

/// One function made of several, one for each kind of thing that is carried.
template <typename... F>
struct HandOver : F... {
    using F::operator()...;
};
template <typename... F>
HandOver(F...) -> HandOver<F...>;

/// submit() and tell(): any thread. descriptor() and run(): the switch thread.
template <typename Command, typename Reply, typename... Facts>
class Carrier {
  public:
    struct Request {
        Command command;
        Reply reply;
    };

    /// `capacity`: commands that may wait; more are refused as `overloaded`.
    explicit Carrier(std::size_t capacity) : mailbox_(capacity) {}

    void submit(Command command, Reply reply) {
        if (mailbox_.post(Request{std::move(command), reply})) return;
        reply(Error{std::string(call::refusal::overloaded), "the server is busy; try again in a moment"});
    }
    template <typename Fact>
    void tell(Fact fact) {
        mailbox_.post_fact(std::move(fact));
    }

    /// Readable while something waits.
    int descriptor() const { return mailbox_.descriptor(); }
    /// Hands everything that waits over, in order.
    template <typename... F>
    void run(const HandOver<F...>& hand_over) {
        mailbox_.drain(drained_);
        for (const auto& item : drained_) std::visit(hand_over, item);
        drained_.clear();
    }

  private:
    using Item = std::variant<Request, Facts...>;

    Mailbox<Item> mailbox_;
    std::vector<Item> drained_;
};

}  // namespace patchbay::app
