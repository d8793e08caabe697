#include "http/pending.hpp"

#include <utility>

#include "base/log.hpp"
#include "http/connection.hpp"
#include "http/response_head.hpp"

namespace patchbay::http {

Pending::Pending(std::shared_ptr<Door> door, std::weak_ptr<Connection> connection, std::uint64_t exchange)
    : door_(std::move(door)), connection_(std::move(connection)), exchange_(exchange) {}

Pending::~Pending() {
    if (answered_) return;
    log::error("http", "a request was dropped without an answer");
    answer(text_response(500, "The request was dropped without an answer"));
}

void Pending::answer(Response response) {
    if (answered_.exchange(true)) {
        log::error("http", "a request was answered twice; the second answer is dropped");
        return;
    }
    if (std::this_thread::get_id() == home_) {
        if (const auto connection = connection_.lock()) connection->deliver(exchange_, std::move(response));
        return;
    }
    door_->post([connection = connection_, exchange = exchange_, response = std::move(response)]() mutable {
        if (const auto alive = connection.lock()) alive->deliver(exchange, std::move(response));
    });
}

}  // namespace patchbay::http
