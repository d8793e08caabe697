// room: sip
// Digest headers from the wire: what is read is written and read back the same, and nothing made up proves a
// password.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "sip/digest.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace sip = patchbay::sip;
    static patchbay::SystemClock clock;
    static sip::DigestServer server(clock);
    const std::vector<std::string> values{std::string(reinterpret_cast<const char*>(data), size)};

    if (const auto read = sip::parse_credentials(values[0])) {
        const auto again = sip::parse_credentials(write(*read));
        require(!again || (again->username == read->username && again->realm == read->realm &&
                           again->nonce == read->nonce && again->nonce_count == read->nonce_count));
    }
    sip::DigestClient client("101", "secret");
    if (client.take(values)) require(client.authorization("REGISTER", "sip:demo.local").has_value());

    const auto outcome = server.check(
        {"REGISTER", "sip:demo.local", "demo.local", "192.0.2.1"}, values,
        [](std::string_view) { return std::optional<std::string>("a password nobody guesses"); });
    require(outcome.verdict != sip::DigestVerdict::accepted);
    return 0;
}
