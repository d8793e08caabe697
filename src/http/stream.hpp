// A client's byte stream, plain or TLS behind one type, so that everything above is compiled once. Private to
// http/; brings in Asio.
#pragma once

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace patchbay::http {

namespace asio = boost::asio;
using boost::system::error_code;
using Executor = asio::io_context::executor_type;
using TcpSocket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

/// Models Beast's AsyncStream. Not thread-safe: the worker's thread only.
class Stream {
  public:
    using executor_type = Executor;
    using next_layer_type = TcpSocket;

    /// `tls` null: plain.
    Stream(TcpSocket socket, std::shared_ptr<asio::ssl::context> tls)
        : socket_(std::move(socket)), context_(std::move(tls)) {
        if (context_) tls_.emplace(socket_, *context_);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    executor_type get_executor() { return socket_.get_executor(); }
    TcpSocket& next_layer() { return socket_; }
    const TcpSocket& next_layer() const { return socket_; }
    bool is_tls() const { return tls_.has_value(); }
    asio::ssl::stream<TcpSocket&>& tls() { return *tls_; }

    /// Ends everything under way with an error. Never throws.
    void close() {
        error_code ignored;
        socket_.close(ignored);
    }
    /// Ends the operations under way; the connection stays.
    void cancel() {
        error_code ignored;
        socket_.cancel(ignored);
    }

    /// Bytes that were read already and are to be read again first.
    void put_back(std::string bytes) { put_back_ = std::move(bytes); }

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, const Buffers& into) {
                if (!put_back_.empty()) {
                    give_back(std::move(handler), into);
                } else if (tls_) {
                    tls_->async_read_some(into, std::move(handler));
                } else {
                    socket_.async_read_some(into, std::move(handler));
                }
            },
            token, buffers);
    }

    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto handler, const Buffers& from) {
                if (tls_) {
                    tls_->async_write_some(from, std::move(handler));
                } else {
                    socket_.async_write_some(from, std::move(handler));
                }
            },
            token, buffers);
    }

  private:
    template <typename Handler, typename Buffers>
    void give_back(Handler handler, const Buffers& into) {
        const auto count = asio::buffer_copy(into, asio::buffer(put_back_));
        put_back_.erase(0, count);
        asio::post(get_executor(), [handler = std::move(handler), count]() mutable {
            std::move(handler)(error_code{}, count);
        });
    }

    TcpSocket socket_;
    std::shared_ptr<asio::ssl::context> context_;  // its certificate may be replaced for others meanwhile
    std::optional<asio::ssl::stream<TcpSocket&>> tls_;
    std::string put_back_;
};

}  // namespace patchbay::http
