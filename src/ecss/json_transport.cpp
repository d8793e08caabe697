#include "ecss/json_transport.hpp"

#include "ecss/json_client.hpp"
#include "ecss/text_listener.hpp"

namespace patchbay::ecss {

http::SocketHandler json_handler(std::shared_ptr<Services> services) {
    return [services = std::move(services)](const http::Request& request,
                                            http::SocketPtr socket) -> std::unique_ptr<http::SocketListener> {
        auto client = std::make_shared<JsonClient>(services, socket, request.remote);
        return std::make_unique<TextListener<JsonClient>>(std::move(client), std::move(socket),
                                                          "Messages are texts.");
    };
}

}  // namespace patchbay::ecss
