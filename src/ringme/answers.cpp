#include "ringme/answers.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.hpp"
#include "call/command.hpp"

namespace patchbay::ringme {

http::Response error(int status, std::string_view symbol, std::string_view message) {
    boost::json::object body;
    body["status"] = symbol;
    body["message"] = utf8(message);
    return {status, std::string(json_type), boost::json::serialize(body), {}};
}

http::Response refused(const Error& why) {
    namespace refusal = call::refusal;
    if (why.code == refusal::no_such_leg) return error(404, "not_found", "Not found");
    if (why.code == refusal::no_such_number) return error(400, why.code, "send_dst: " + why.text);
    if (why.code == refusal::invalid) return error(400, "invalid_request", why.text);
    if (why.code == refusal::overloaded || why.code == refusal::no_media ||
        why.code == refusal::no_recording) {
        auto answer = error(503, why.code, why.text);
        answer.headers.emplace_back("Retry-After", "1");
        return answer;
    }
    return error(409, why.code, why.text);
}

std::string utf8(std::string_view text) {
    return as_utf8(std::string(text));
}

}  // namespace patchbay::ringme
