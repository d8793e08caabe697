// One client of the JSON socket: who it is, its requests, its notifications.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ecss/json_message.hpp"
#include "ecss/json_verbs.hpp"
#include "ecss/services.hpp"
#include "ecss/socket_session.hpp"
#include "http/http.hpp"

namespace patchbay::ecss {

/// Shared by its connection and by the commands under way, whose answers come on other threads. Any thread.
class JsonClient : public std::enable_shared_from_this<JsonClient> {
  public:
    JsonClient(std::shared_ptr<Services> services, http::SocketPtr socket, std::string address);

    /// One message of the connection.
    void take(std::string_view message);
    void close() { session_.close(); }

  private:
    void serve(JsonRequest request);
    void log_in(JsonRequest request);
    void enter(const JsonRequest& request, const Caller& caller);
    void subscribe(const JsonRequest& request, const Caller& caller);
    void get(const Caller& caller, JsonRequest request);
    void run(const Caller& caller, JsonRequest request, const JsonVerb& verb);
    void complete(const Caller& caller, JsonRequest request, const SwitchRequest& command);
    void answer(const JsonRequest& request, std::string_view payload);
    void refuse(const JsonRequest& request, const Error& error);
    std::string domain_of(const JsonRequest& request, std::string& login) const;

    const std::shared_ptr<Services> services_;
    const http::SocketPtr socket_;
    const std::string address_;
    SocketSession session_;
};

}  // namespace patchbay::ecss
