// room: sip
// Whole SIP messages through Sofia's parser and then through everything of ours that looks at one.
#include <cstdint>
#include <string>

#include <sofia-sip/msg_mclass.h>

#include "sip/identity.hpp"
#include "sip/registrar.hpp"
#include "sip/request_checks.hpp"
#include "sip/sofia.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace sip = patchbay::sip;
    msg_t* const message = msg_make(sip_default_mclass(), 0, data, static_cast<ssize_t>(size));
    if (message == nullptr) return 0;
    const sip_t* const read = sip_object(message);
    // Sofia answers what fails this by itself: 400.
    if (read != nullptr && read->sip_request != nullptr && sip_sanity_check(read) == 0) {
        (void)sip::problem_of(*read);
        for (const bool trusted : {false, true}) (void)sip::caller_of(*read, trusted);
        for (const char* name : {"Via", "Expires", "Authorization", "X-Unknown"})
            (void)sip::values(*read, name);
        (void)sip::read_contacts(sip::values(*read, "Contact"), sip::value(*read, "Expires"), {});
    }
    msg_destroy(message);
    return 0;
}
