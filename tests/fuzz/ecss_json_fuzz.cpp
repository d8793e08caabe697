// room: ecss
// A message of the JSON socket: it is refused, or read, and its replies are JSON that names what was asked.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ecss/json_message.hpp"
#include "ecss/json_verbs.hpp"

namespace {

namespace ecss = patchbay::ecss;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto request = ecss::read_json_request({reinterpret_cast<const char*>(data), size});
    if (!request) {
        require(request.error().code == "bad_json");
        return 0;
    }
    for (const auto& reply : {ecss::json_reply(*request, ecss::json_ok()),
                              ecss::json_error(*request, {"wrong_state", request->action})}) {
        // A reply has the form of a request with a status beside: it reads back the same, but for its
        // objects.
        const auto again = ecss::read_json_request(reply);
        require(again.ok() || again.error().text.ends_with("is an object."));
    }
    if (const auto* verb = ecss::find_json_verb(request->action)) {
        const auto command = verb->read(*request);
        require(command.ok() || !command.error().text.empty());
    }
    return 0;
}
