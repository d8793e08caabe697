// The settings of a domain: what holds for all of it, and its applications.
#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {

const Fields<Application>& application_fields() {
    static const Fields<Application> fields{
        {"id",
         "name",
         "",
         "client_id of the application",
         true,
         [](Application& a, const Yaml& n) { return read_name(a.id, n); },
         {}},
        {"secret",
         "secret",
         "",
         "client_secret of the application",
         true,
         [](Application& a, const Yaml& n) { return read_secret(a.secret, n); },
         {}},
        {"scope",
         "all or call_api",
         "all",
         "What its tokens may do",
         false,
         [](Application& a, const Yaml& n) {
             return read_choice(a.scope, n, {"all", "call_api"});
         },
         {}},
        {"rate_limit",
         "requests an hour",
         "10000",
         "How much it may ask; 0: no limit",
         false,
         [](Application& a, const Yaml& n) { return read_number(a.rate_limit, n, 0, 1000000000); },
         {}},
        {"may_supervise",
         "true or false",
         "true",
         "May use eavesdrop, whisper and conference",
         false,
         [](Application& a, const Yaml& n) { return read_flag(a.may_supervise, n); },
         {}},
    };
    return fields;
}

const Fields<Domain>& domain_fields() {
    static const Fields<Domain> fields{
        {"prefix",
         "digits",
         "\"\"",
         "Ringme prints an extension as prefix*number",
         false,
         [](Domain& d, const Yaml& n) { return read_text(d.prefix, n); },
         {}},
        {"client_id",
         "number",
         "its place in the file",
         "The domain's client id in the Ringme interface",
         false,
         [](Domain& d, const Yaml& n) { return read_number(d.client_id, n, 1, 2147483647); },
         {}},
        {"music",
         "name",
         "media.music",
         "The sound that plays on hold, a name of media.sounds",
         false,
         [](Domain& d, const Yaml& n) { return read_text(d.music, n); },
         {}},
        {"ringback",
         "country",
         "media.ringback",
         "Whose ringing tone callers hear",
         false,
         [](Domain& d, const Yaml& n) { return read_choice(d.ringback, n, ringback_countries()); },
         {}},
        {"recording_notice",
         "true or false",
         "false",
         "All who talk in a call that is recorded hear a short tone every 15 seconds",
         false,
         [](Domain& d, const Yaml& n) { return read_flag(d.recording_notice, n); },
         {}},
        {"auto_logout",
         "seconds",
         "0",
         "An operator who has no call and changes no state so long is logged out; 0: never",
         false,
         [](Domain& d, const Yaml& n) { return read_duration(d.auto_logout, n, 0, 86400); },
         {}},
        {"only_one_session",
         "true or false",
         "false",
         "An operator who is logged in cannot log in at another number before logging out",
         false,
         [](Domain& d, const Yaml& n) { return read_flag(d.only_one_session, n); },
         {}},
        {"extensions",
         "list",
         "[]",
         "Numbers with SIP credentials",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.extensions, n, extension_fields(), path, r);
         }},
        {"operators",
         "list",
         "[]",
         "People of the call centre",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.operators, n, operator_fields(), path, r);
         }},
        {"queues",
         "list",
         "[]",
         "Queues of waiting callers",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.queues, n, queue_fields(), path, r);
         }},
        {"faxes",
         "list",
         "[]",
         "Numbers that receive faxes",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.faxes, n, fax_fields(), path, r);
         }},
        {"trunks",
         "list",
         "[]",
         "SIP peers outside",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.trunks, n, trunk_fields(), path, r);
         }},
        {"applications",
         "list",
         "[]",
         "OAuth2 clients of the Ringme interface",
         false,
         {},
         [](Domain& d, const Yaml& n, const std::string& path, Report& r) {
             read_list(d.applications, n, application_fields(), path, r);
         }},
    };
    return fields;
}

}  // namespace patchbay::config
