// The settings of copies for a capture server.
#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {

const Fields<Hep>& hep_fields() {
    static const Fields<Hep> fields{
        {"address",
         "address:port or null",
         "null",
         "The collector that reports are copied to (HEP version 3 over UDP); null: none",
         false,
         [](Hep& h, const Yaml& n) { return read_endpoint(h.address, n); },
         {}},
        {"capture_id",
         "number",
         "1",
         "This server among others that send there",
         false,
         [](Hep& h, const Yaml& n) { return read_number(h.capture_id, n, 1, 4294967295); },
         {}},
        {"password",
         "secret or null",
         "null",
         "What the collector asks for; null: nothing is sent",
         false,
         [](Hep& h, const Yaml& n) { return n.IsNull() ? std::string() : read_secret(h.password, n); },
         {}},
        {"rtcp",
         "true or false",
         "true",
         "Copy RTCP reports of both sides; false: only each leg's quality at its end",
         false,
         [](Hep& h, const Yaml& n) { return read_flag(h.rtcp, n); },
         {}},
    };
    return fields;
}

}  // namespace patchbay::config
