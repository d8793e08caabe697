#include <sofia-sip/msg_header.h>

#include "sip/agent.hpp"
#include "sip/message.hpp"
#include "sip/sofia.hpp"

namespace patchbay::sip {

/// Hears the responses for a ClientRequest, so that the public type needs no base class of Sofia's making.
class ClientRequest::Hook final : public OutgoingHook {
  public:
    explicit Hook(ResponseHandler handler) : handler_(std::move(handler)) {}
    Hook(const Hook&) = delete;
    Hook& operator=(const Hook&) = delete;
    ~Hook() { nta_outgoing_destroy(transaction_); }

    void adopt(nta_outgoing_t* transaction) { transaction_ = transaction; }

    void on_response(nta_outgoing_t* transaction, const sip_t* message) override {
        const int status = nta_outgoing_status(transaction);
        if (status < 200) return;
        // The handler may destroy this object: nothing of it is used afterwards.
        const auto handler = std::move(handler_);
        if (handler) handler(Response(status, message));
    }

  private:
    nta_outgoing_t* transaction_ = nullptr;
    ResponseHandler handler_;
};

ClientRequest::ClientRequest(std::unique_ptr<Hook> hook) : hook_(std::move(hook)) {}
ClientRequest::~ClientRequest() = default;

std::vector<std::string> Response::values(std::string_view name) const {
    if (message_ == nullptr) return {};
    return sip::values(*message_, name);
}

std::string Response::value(std::string_view name) const {
    if (message_ == nullptr) return {};
    return sip::value(*message_, name);
}

std::unique_ptr<ClientRequest> Agent::send(const Sending& sending, ResponseHandler handler) {
    auto* message = nta_msg_create(nta(), 0);
    auto* sip = sip_object(message);
    add_header(message, {"From", sending.from});
    add_header(message, {"To", sending.to});
    add_header(message, {"Call-ID", sending.call_id});
    for (const auto& header : sending.headers) add_header(message, header);
    const std::string method{sending.method};
    auto* request = sip_request_create(msg_home(message), sip_method_code(method.c_str()), method.c_str(),
                                       reinterpret_cast<const url_string_t*>(sending.uri.c_str()), nullptr);
    auto* cseq =
        sip_cseq_create(msg_home(message), sending.cseq, sip_method_code(method.c_str()), method.c_str());
    if (request == nullptr || cseq == nullptr || sip->sip_from == nullptr || sip->sip_to == nullptr ||
        sip->sip_call_id == nullptr) {
        nta_msg_discard(nta(), message);
        return nullptr;
    }
    msg_header_insert(message, nullptr, reinterpret_cast<msg_header_t*>(request));
    msg_header_insert(message, nullptr, reinterpret_cast<msg_header_t*>(cseq));
    add_header(message, {"Max-Forwards", "70"});
    auto hook = std::make_unique<ClientRequest::Hook>(std::move(handler));
    const auto* route =
        sending.route.empty() ? nullptr : reinterpret_cast<const url_string_t*>(sending.route.c_str());
    auto* transaction = nta_outgoing_mcreate(nta(), deliver_response, hook.get(), route, message, TAG_END());
    if (transaction == nullptr) {
        nta_msg_discard(nta(), message);
        return nullptr;
    }
    hook->adopt(transaction);
    return std::unique_ptr<ClientRequest>(new ClientRequest(std::move(hook)));
}

}  // namespace patchbay::sip
