// The handlers of current calls: list, look at, update, hang up.
#pragma once

#include <memory>

#include "call/command.hpp"
#include "http/http.hpp"
#include "ringme/access.hpp"
#include "ringme/repeats.hpp"

namespace patchbay::ringme {

/// Thread-safe. Each handler answers once, with the caller's rate limit in the headers.
class Calls {
  public:
    Calls(call::Gateway& gateway, std::function<Time()> now)
        : gateway_(gateway), now_(std::move(now)), repeats_(std::make_shared<Repeats>()) {}

    void of_extension(const http::Request& request, const Caller& caller, const http::Responder& responder);
    void of_client(const http::Request& request, const Caller& caller, const http::Responder& responder);
    void find(const http::Request& request, const Caller& caller, const http::Responder& responder);
    void update(const http::Request& request, const Caller& caller, const http::Responder& responder);
    void clear(const http::Request& request, const Caller& caller, const http::Responder& responder);

  private:
    void carry_out(const http::Request& request, const Caller& caller, const http::Responder& responder);

    call::Gateway& gateway_;
    std::function<Time()> now_;
    std::shared_ptr<Repeats> repeats_;
};

}  // namespace patchbay::ringme
