#include "app/sip_sockets.hpp"

#include <memory>
#include <utility>

namespace patchbay::app {
namespace {

// RFC 6455, section 7.4.1.
constexpr std::uint16_t going_away = 1001, try_again_later = 1013;

// One browser. Frames of text and of bytes carry the same (RFC 7118, section 5).
class SipSocket final : public http::SocketListener {
  public:
    SipSocket(sip::Bridge& bridge, const http::Request& request, http::SocketPtr socket)
        : bridge_(bridge),
          socket_(std::move(socket)),
          id_(bridge.open({request.tls ? "wss" : "ws",
                           {request.remote, 0},
                           [out = socket_](std::string message) { out->send(std::move(message)); },
                           [out = socket_] { out->close(going_away, "the SIP server has hung up"); }})) {}
    ~SipSocket() override { bridge_.close(id_); }
    SipSocket(const SipSocket&) = delete;
    SipSocket& operator=(const SipSocket&) = delete;

    void on_text(std::string_view message) override { take(message); }
    void on_binary(std::string_view message) override { take(message); }
    void on_close() override { bridge_.close(id_); }

  private:
    void take(std::string_view message) {
        if (!bridge_.take(id_, std::string(message))) socket_->close(try_again_later, "too busy");
    }

    sip::Bridge& bridge_;
    const http::SocketPtr socket_;
    const sip::Bridge::Id id_;
};

}  // namespace

void add_sip_socket(http::Router& router, const std::string& path, sip::Bridge& bridge) {
    if (path.empty()) return;
    router.add_socket(
        path,
        [&bridge](const http::Request& request, http::SocketPtr socket) {
            return std::make_unique<SipSocket>(bridge, request, std::move(socket));
        },
        "sip");
}

}  // namespace patchbay::app
