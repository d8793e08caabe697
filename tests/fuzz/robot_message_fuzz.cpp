// room: robot
// SIP messages through the robot's own parser: whatever is taken apart and put together again must read the
// same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace robot = patchbay::robot;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (robot::whole_message(bytes) > size) std::abort();
    const auto message = robot::parse_message(bytes);
    if (!message) return 0;
    (void)message->cseq();
    (void)message->cseq_method();
    (void)message->branch();
    for (const std::string_view name : {"From", "To", "Contact", "Refer-To", "Record-Route"}) {
        const std::string_view value = message->header(name);
        const std::string uri = robot::uri_in(value);
        (void)robot::display_name_in(value);
        (void)robot::parameter_in(value, "tag");
        (void)robot::user_in(uri);
        (void)robot::endpoint_in(uri);
    }
    if (message->is_request()) (void)robot::response_to(*message, 200, "tag");
    if (!robot::parse_message(message->text())) std::abort();
    return 0;
}
