// How the coroutines of http/ wait. Private to http/; brings in Asio.
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/stream.hpp"

namespace patchbay::http {

template <typename T>
using Awaitable = asio::awaitable<T, Executor>;

using UseAwaitable = asio::use_awaitable_t<Executor>;
inline constexpr UseAwaitable use_awaitable;

/// Holds a suspended coroutine.
struct Waiter {
    virtual ~Waiter() = default;
    virtual void resume(asio::io_context& context) = 0;

    template <typename Handler>
    static std::unique_ptr<Waiter> of(Handler handler) {
        struct Held final : Waiter {
            explicit Held(Handler h) : handler(std::move(h)) {}
            void resume(asio::io_context& context) override { asio::post(context, std::move(handler)); }
            Handler handler;
        };
        return std::make_unique<Held>(std::move(handler));
    }
};

}  // namespace patchbay::http
