#include "sip/bridge.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <map>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "media/address.hpp"
#include "sip/address.hpp"
#include "sip/loop.hpp"
#include "sip/message_stream.hpp"

namespace patchbay::sip {
namespace {

constexpr std::size_t longest_message = 64 * 1024;  // bytes
constexpr std::size_t most_waiting = 1024 * 1024;   // bytes that Sofia has not yet read from one client
constexpr std::size_t most_messages = 10'000;       // of all clients, for the switch thread
constexpr timeval longest_connect{0, 200'000};      // to ourselves: only a full backlog takes any time

struct Open {
    Bridge::Id id;
    BridgeClient client;
};
struct Take {
    Bridge::Id id;
    std::string message;
};
struct Close {
    Bridge::Id id;
};
struct Flush {
    Bridge::Id id;
};
using Item = std::variant<Open, Take, Close, Flush>;

struct Connection {
    BridgeClient client;
    Flow flow;
    Descriptor socket;
    MessageStream from_sofia{longest_message};
    std::string to_sofia{};  ///< what the kernel did not take yet
};

/// A connected socket, and where it is seen coming from; an empty one when Sofia does not take it.
std::pair<Descriptor, config::Endpoint> connect_to(const config::Endpoint& sofia) {
    const auto address = media::Address::parse(sofia);
    if (!address) return {};
    Descriptor socket(::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &longest_connect, sizeof longest_connect);
    media::Address local;
    socklen_t size = media::Address::capacity;
    if (!socket || connect(socket.get(), address->data(), address->size()) != 0 ||
        getsockname(socket.get(), local.data(), &size) != 0)
        return {};
    return {std::move(socket), endpoint_of(*local.data())};
}

/// An address that takes connections, for one that listens on all.
config::Endpoint reachable(config::Endpoint sofia) {
    if (sofia.address == "0.0.0.0") sofia.address = "127.0.0.1";
    if (sofia.address == "::") sofia.address = "::1";
    return sofia;
}

}  // namespace

struct Bridge::State {
    explicit State(Loop& the_loop) : loop(the_loop) {
        loop.watch(mailbox.descriptor(), [this] { run(); });
    }
    ~State();

    void run();
    void apply(Open& open);
    void apply(Take& take);
    void apply(Close& close);
    void apply(Flush& flush);
    void read(Id id);
    void write(Id id, Connection& connection);
    void hang_up(Id id, std::string_view why);
    void gauge() const;

    Loop& loop;
    Mailbox<Item> mailbox{most_messages};
    std::vector<Item> items;
    std::atomic<Id> last_id{0};
    std::optional<config::Endpoint> sofia;
    std::unordered_map<Id, Connection> connections;
    std::map<config::Endpoint, Id> by_address;
    std::function<void(const Flow&)> ended;
};

Bridge::State::~State() {
    loop.forget(mailbox.descriptor());
    for (const auto& [id, connection] : connections) loop.forget(connection.socket.get());
}

void Bridge::State::run() {
    mailbox.drain(items);
    for (Item& item : items) std::visit([this](auto& known) { apply(known); }, item);
    items.clear();
}

void Bridge::State::gauge() const {
    static auto& open = metrics::gauge("patchbay_sip_websockets", "Clients of SIP over WebSocket");
    open.set(static_cast<double>(connections.size()));
}

void Bridge::State::apply(Open& open) {
    auto [socket, local] = sofia ? connect_to(*sofia) : std::pair<Descriptor, config::Endpoint>{};
    if (!socket) {
        log::warning("sip", "no way to Sofia for the client at {}", open.client.peer.address);
        return open.client.hang_up();
    }
    const int descriptor = socket.get();
    Flow flow{open.client.transport, open.client.peer, local};
    by_address[local] = open.id;
    connections.emplace(open.id, Connection{std::move(open.client), std::move(flow), std::move(socket)});
    loop.watch(descriptor, [this, id = open.id] { read(id); });
    gauge();
}

void Bridge::State::apply(Take& take) {
    const auto found = connections.find(take.id);
    if (found == connections.end()) return;
    if (trim(take.message).empty()) {
        // A keep-alive is answered with half of it (RFC 5626, section 4.4.1).
        if (take.message == "\r\n\r\n") found->second.client.send("\r\n");
        return;
    }
    const auto whole = with_length(take.message);
    if (!whole || whole->size() > longest_message) return hang_up(take.id, "no whole SIP message");
    found->second.to_sofia += with_transport(*whole, "TCP");
    write(take.id, found->second);
}

void Bridge::State::apply(Close& close) {
    const auto found = connections.find(close.id);
    if (found == connections.end()) return;
    const Connection gone = std::move(found->second);
    connections.erase(found);
    by_address.erase(gone.flow.bridge);
    loop.forget(gone.socket.get());
    gauge();
    if (ended) ended(gone.flow);
}

void Bridge::State::apply(Flush& flush) {
    if (const auto found = connections.find(flush.id); found != connections.end())
        write(flush.id, found->second);
}

void Bridge::State::write(Id id, Connection& connection) {
    auto& waiting = connection.to_sofia;
    const auto sent =
        ::send(connection.socket.get(), waiting.data(), waiting.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return hang_up(id, "Sofia closed");
    if (sent > 0) waiting.erase(0, static_cast<std::size_t>(sent));
    if (waiting.empty()) return;
    if (waiting.size() > most_waiting) return hang_up(id, "too many messages at once");
    // Sofia reads on this very thread: by the next turn of the loop there is room again.
    mailbox.post_fact(Flush{id});
}

void Bridge::State::read(Id id) {
    const auto found = connections.find(id);
    if (found == connections.end()) return;
    Connection& connection = found->second;
    std::array<char, 16 * 1024> buffer{};
    const auto size = recv(connection.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) return hang_up(id, "Sofia closed");
    connection.from_sofia.feed({buffer.data(), static_cast<std::size_t>(size)});
    const auto* transport = connection.client.transport == "wss" ? "WSS" : "WS";
    while (const auto message = connection.from_sofia.next())
        connection.client.send(with_transport(*message, transport));
    if (connection.from_sofia.broken()) hang_up(id, "a message too long");
}

/// The connection itself goes when the loop comes round: it may be the one whose event is being handled.
void Bridge::State::hang_up(Id id, std::string_view why) {
    Connection& connection = connections.at(id);
    log::info("sip", "connection of {} ended: {}", connection.client.peer.address, why);
    connection.client.hang_up();
    mailbox.post_fact(Close{id});
}

Bridge::Bridge(Loop& loop) : state_(std::make_unique<State>(loop)) {}
Bridge::~Bridge() = default;

Bridge::Id Bridge::open(BridgeClient client) {
    const Id id = ++state_->last_id;
    state_->mailbox.post_fact(Open{id, std::move(client)});
    return id;
}

bool Bridge::take(Id id, std::string message) {
    return state_->mailbox.post(Take{id, std::move(message)});
}

void Bridge::close(Id id) {
    state_->mailbox.post_fact(Close{id});
}

void Bridge::serve(const config::Endpoint& sofia) {
    state_->sofia = reachable(sofia);
}

std::optional<Flow> Bridge::origin(const config::Endpoint& seen) const {
    const auto found = state_->by_address.find(seen);
    if (found == state_->by_address.end()) return std::nullopt;
    return state_->connections.at(found->second).flow;
}

void Bridge::on_end(std::function<void(const Flow&)> ended) {
    state_->ended = std::move(ended);
}

std::size_t Bridge::clients() const {
    return state_->connections.size();
}

}  // namespace patchbay::sip
