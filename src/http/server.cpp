#include "http/server.hpp"

#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/address.hpp>

#include "base/log.hpp"
#include "http/connection.hpp"

namespace patchbay::http {
namespace {

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

constexpr std::size_t refused_at_once = 64;  // connections beyond the limit that still are told 503
constexpr Milliseconds pause_after_failure{100};

// Throws std::runtime_error when the files cannot be used.
std::shared_ptr<asio::ssl::context> tls_context(const config::TlsFiles& files) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    try {
        SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
        context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_compression);
        SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION);
        context->use_certificate_chain_file(files.certificate);
        context->use_private_key_file(files.key, asio::ssl::context::pem);
    } catch (const boost::system::system_error& fault) {
        throw std::runtime_error("http.tls: cannot use " + files.certificate + " and " + files.key + ": " +
                                 fault.code().message());
    }
    return context;
}

}  // namespace

struct Server::State {
    Shared shared;
    std::mutex tls_mutex;
    std::shared_ptr<asio::ssl::context> tls;  // for new connections; null: plain
    std::vector<std::unique_ptr<Worker>> workers;
    std::optional<Acceptor> acceptor;             // on the first worker
    std::optional<asio::steady_timer> try_again;  // the same
    std::size_t next_worker = 0;
    std::uint16_t port = 0;

    void listen();
    void accept();
    void take(Worker& worker, TcpSocket socket);
    void begin(Worker& worker, TcpSocket socket);
};

void Server::State::listen() {
    const auto& endpoint = shared.settings.listen;
    try {
        const asio::ip::tcp::endpoint address(asio::ip::make_address(endpoint.address), endpoint.port);
        acceptor.emplace(workers.front()->context(), address, true);
        port = acceptor->local_endpoint().port();
    } catch (const boost::system::system_error& fault) {
        throw std::runtime_error("http.listen: cannot listen on " + endpoint.address + " port " +
                                 std::to_string(endpoint.port) + ": " + fault.code().message());
    }
}

void Server::State::accept() {
    auto& worker = *workers[next_worker++ % workers.size()];
    auto socket = std::make_shared<TcpSocket>(worker.context());
    acceptor->async_accept(*socket, [this, socket, &worker](error_code ec) {
        if (ec == asio::error::operation_aborted || shared.stopping) return;
        if (!ec) {
            take(worker, std::move(*socket));
            accept();
            return;
        }
        log::error("http", "a connection could not be taken: {}", ec.message());
        workers.front()->metrics.refused("accept");
        try_again->expires_after(pause_after_failure);
        try_again->async_wait([this](error_code aborted) {
            if (!aborted) accept();
        });
    });
}

void Server::State::take(Worker& worker, TcpSocket socket) {
    if (shared.open >= shared.settings.max_connections + refused_at_once) {
        workers.front()->metrics.refused("connections");
        return;
    }
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (&worker == workers.front().get()) return begin(worker, std::move(socket));
    asio::post(worker.context(),
               [this, &worker, socket = std::move(socket)]() mutable { begin(worker, std::move(socket)); });
}

void Server::State::begin(Worker& worker, TcpSocket socket) {
    const bool refuse = shared.open >= shared.settings.max_connections;
    std::shared_ptr<asio::ssl::context> context;
    {
        const std::scoped_lock lock(tls_mutex);
        context = tls;
    }
    auto stream = std::make_unique<Stream>(std::move(socket), std::move(context));
    std::make_shared<Connection>(worker, Slot(worker), std::move(stream), refuse)->start();
}

Server::Server(config::Http settings, Router router, Limits limits) : state_(std::make_unique<State>()) {
    state_->shared.settings = std::move(settings);
    state_->shared.router = std::move(router);
    state_->shared.limits = limits;
}

// NOLINTNEXTLINE(bugprone-exception-escape): only want of memory could throw, and that ends the process.
Server::~Server() {
    stop(Milliseconds{0});
}

void Server::start() {
    auto& state = *state_;
    if (state.shared.settings.tls) state.tls = tls_context(*state.shared.settings.tls);
    for (int i = 0; i < std::max(1, state.shared.settings.threads); ++i) {
        state.workers.push_back(std::make_unique<Worker>(state.shared));
    }
    try {
        state.listen();
    } catch (...) {
        state.workers.clear();
        throw;
    }
    state.try_again.emplace(state.workers.front()->context());
    state.accept();
    for (auto& worker : state.workers) worker->run();
}

void Server::stop(Milliseconds deadline) {
    auto& state = *state_;
    if (state.workers.empty()) return;
    const auto until = std::chrono::steady_clock::now() + deadline;
    state.shared.stopping = true;
    state.workers.front()->door()->post([&state] {
        error_code ignored;
        state.acceptor->close(ignored);
        state.try_again->cancel();
    });
    for (auto& worker : state.workers) worker->wind_up();
    for (auto& worker : state.workers) worker->wait(until);
    state.acceptor.reset();
    state.try_again.reset();
    state.workers.clear();
}

Result<Done> Server::renew_tls(const config::TlsFiles& files) {
    try {
        auto renewed = tls_context(files);
        const std::scoped_lock lock(state_->tls_mutex);
        if (state_->tls) state_->tls = std::move(renewed);
        return Done{};
    } catch (const std::runtime_error& fault) {
        return Error{"tls_files", fault.what()};
    }
}

std::uint16_t Server::port() const {
    return state_->port;
}

}  // namespace patchbay::http
