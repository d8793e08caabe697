// Sends requests and answers digest challenges to them, so that whoever asks sees the reply that counts.
#pragma once

#include <functional>
#include <string>

#include "message.hpp"
#include "sip/digest.hpp"
#include "transactions.hpp"

namespace patchbay::robot {

/// One phone's credentials for all its requests.
class Sender {
  public:
    Sender(Transactions& transactions, const std::string& user, const std::string& password)
        : transactions_(transactions), registrar_(user, password), proxy_(user, password) {}

    /// Numbers the request from `cseq` and sends it; a challenged one once more. `cseq` must live until the
    /// reply. `branch`, when given, always holds the branch of the last attempt.
    void send(Message message, const Flow& to, unsigned& cseq, const Transactions::Reply& reply,
              std::string* branch = nullptr);

  private:
    bool authorize(Message& message, sip::DigestClient& client, std::string_view header) const;

    Transactions& transactions_;
    sip::DigestClient registrar_, proxy_;
};

}  // namespace patchbay::robot
