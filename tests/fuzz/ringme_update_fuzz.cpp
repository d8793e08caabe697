// room: ringme
#include <cstddef>
#include <cstdint>

#include "ringme/actions.hpp"
#include "ringme/call_id.hpp"

// Bodies of PUT and ids of calls. What becomes a command has a number that can be dialled.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace patchbay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto leg = ringme::parse_call_api_id(text); leg && ringme::call_api_id(*leg) != text)
        __builtin_trap();
    const auto update = ringme::parse_update(text);
    if (!update) return 0;
    config::Domain domain;
    domain.prefix = "1000";
    const auto action = ringme::to_action(*update, LegId{1}, domain);
    if (!action) return 0;
    if (const auto* transfer = std::get_if<call::Transfer>(&*action)) {
        if (transfer->to.find_first_of(" \r\n\t@:;<>\"") != std::string::npos) __builtin_trap();
    }
    return 0;
}
