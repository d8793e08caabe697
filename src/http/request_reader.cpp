#include "http/request_reader.hpp"

#include <optional>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "base/text.hpp"
#include "http/url.hpp"

namespace patchbay::http {

namespace beast = boost::beast;
using beast::error_code;
using State = RequestReader::State;

namespace {

constexpr std::size_t kept_body = 16 * 1024;
// A chunked body that is not at its end has at least "0\r\n\r\n" to come. Beast 1.81 takes that for granted
// and asserts it, so it is not fed with less.
constexpr std::size_t least_chunks = 5;

struct Verdict {
    int status = 0;
    std::string_view text;
};

Verdict verdict(error_code ec) {
    using beast::http::error;
    if (ec == error::header_limit) return {431, "The header is too large"};
    if (ec == error::body_limit) return {413, "The body is too large"};
    if (ec == error::bad_version) return {505, "Only HTTP/1.0 and HTTP/1.1 are spoken here"};
    return {400, "This is not a well-formed HTTP request"};
}

}  // namespace

// Beast's parser, writing straight into our Request.
struct RequestReader::Parser final {
    struct Sink final : beast::http::basic_parser<true> {
        explicit Sink(Parser& owner) : owner_(owner) {}

      private:
        void on_request_impl(beast::http::verb verb, beast::string_view method, beast::string_view target,
                             int version, error_code&) override {
            owner_.known_method = verb != beast::http::verb::unknown;
            owner_.request.method.assign(method.data(), method.size());
            owner_.target.assign(target.data(), target.size());
            owner_.http_1_0 = version < 11;
        }
        void on_response_impl(int, beast::string_view, int, error_code&) override {}
        void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                           error_code&) override {
            owner_.field(field, {name.data(), name.size()}, {value.data(), value.size()});
        }
        void on_header_impl(error_code& ec) override { owner_.head_done(ec); }
        void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
            if (length) owner_.request.body.reserve(*length);
        }
        std::size_t on_body_impl(beast::string_view bytes, error_code&) override {
            owner_.request.body.append(bytes.data(), bytes.size());
            return bytes.size();
        }
        void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
        std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
            owner_.request.body.append(bytes.data(), bytes.size());
            return bytes.size();
        }
        void on_finish_impl(error_code&) override {}

        Parser& owner_;
    };

    // Keeps what storage the last request left, unless its body was large.
    void begin(std::size_t max_header, std::size_t max_body) {
        sink.emplace(*this);
        sink->header_limit(static_cast<std::uint32_t>(max_header));
        sink->body_limit(max_body);
        sink->eager(true);
        request.headers.clear();
        request.parameters.clear();
        request.body.clear();
        if (request.body.capacity() > kept_body) request.body.shrink_to_fit();
        found = {};
        head_bytes = 0;
        hosts = 0;
        begun = continue_expected = upgrade = known_method = http_1_0 = has_length = coded = false;
        state = State::head;
    }

    void field(beast::http::field field, std::string_view name, std::string_view value) {
        request.headers.emplace_back(name, value);
        switch (field) {
            case beast::http::field::host:
                ++hosts;
                break;
            case beast::http::field::expect:
                continue_expected = iequals(value, "100-continue");
                if (!continue_expected) fail({417, "Only 100-continue can be expected"});
                break;
            case beast::http::field::upgrade:
                upgrade = iequals(value, "websocket");
                break;
            case beast::http::field::content_length:
                has_length = true;
                break;
            case beast::http::field::transfer_encoding:
                coded = true;
                if (!iequals(value, "chunked")) fail({501, "The only transfer coding is chunked"});
                break;
            case beast::http::field::content_encoding:
                if (!iequals(value, "identity")) fail({415, "Request bodies are taken without compression"});
                break;
            default:
                break;
        }
    }

    void head_done(error_code& ec) {
        if (!found.status) judge_head();
        if (found.status) ec = beast::http::error::bad_value;
    }

    void judge_head() {
        if (!known_method) return fail({501, "The method is not known"});
        if (http_1_0 ? hosts > 1 : hosts != 1) return fail({400, "Exactly one Host header is needed"});
        if (http_1_0 && coded) return fail({400, "HTTP/1.0 has no transfer codings"});
        if (http_1_0 && !has_length && (request.method == "POST" || request.method == "PUT")) {
            return fail({411, "A Content-Length is needed"});
        }
        auto parsed = parse_target(target);
        if (!parsed || (parsed->path == "*" && request.method != "OPTIONS")) {
            return fail({400, "The request target is malformed"});
        }
        encoded_path = std::move(parsed->encoded);
        request.path = std::move(parsed->path);
        request.query = std::move(parsed->query);
        if (state == State::head) state = State::body;
    }

    void fail(Verdict why) {
        if (!found.status) found = why;
        state = State::failed;
    }

    std::optional<Sink> sink;
    Request request;
    std::string target, encoded_path;
    Verdict found;
    std::size_t head_bytes = 0;
    int hosts = 0;
    bool begun = false, continue_expected = false, upgrade = false, known_method = false, http_1_0 = false,
         has_length = false, coded = false;
    State state = State::head;
};

RequestReader::RequestReader(std::size_t max_header, std::size_t max_body)
    : max_header_(max_header), max_body_(max_body), parser_(std::make_unique<Parser>()) {
    reset();
}

RequestReader::~RequestReader() = default;

std::size_t RequestReader::take(std::string_view bytes) {
    auto& parser = *parser_;
    if (bytes.empty() || parser.state == State::done || parser.state == State::failed) return 0;
    // Clients may send an empty line before a request (RFC 9112, section 2.2).
    std::size_t skipped = 0;
    while (!parser.begun && skipped < bytes.size() && (bytes[skipped] == '\r' || bytes[skipped] == '\n')) {
        ++skipped;
    }
    bytes.remove_prefix(skipped);
    if (bytes.empty()) return skipped;
    parser.begun = true;
    if (parser.state == State::body && parser.coded && bytes.size() < least_chunks) return skipped;
    const bool in_head = parser.state == State::head;
    error_code ec;
    const auto used = parser.sink->put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
    if (in_head && parser.state == State::head) parser.head_bytes += used;
    if (ec && ec != beast::http::error::need_more) {
        parser.fail(verdict(ec));
    } else if (parser.state == State::head && parser.head_bytes + (bytes.size() - used) > max_header_) {
        parser.fail(verdict(beast::http::error::header_limit));
    } else if (parser.sink->is_done()) {
        parser.state = State::done;
    }
    return skipped + used;
}

RequestReader::State RequestReader::state() const {
    return parser_->state;
}

bool RequestReader::begun() const {
    return parser_->begun;
}

Request& RequestReader::request() {
    return parser_->request;
}

const std::string& RequestReader::encoded_path() const {
    return parser_->encoded_path;
}

int RequestReader::status() const {
    return parser_->found.status;
}

std::string_view RequestReader::fault() const {
    return parser_->found.text;
}

bool RequestReader::keep_alive() const {
    return parser_->sink->is_header_done() && parser_->sink->keep_alive();
}

bool RequestReader::expects_continue() const {
    return parser_->continue_expected;
}

bool RequestReader::wants_websocket() const {
    return parser_->upgrade && parser_->sink->upgrade();
}

void RequestReader::reset() {
    parser_->begin(max_header_, max_body_);
}

}  // namespace patchbay::http
