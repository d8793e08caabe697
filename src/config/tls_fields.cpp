// The settings of a server of TLS, wherever one is.
#include "config/fields.hpp"
#include "config/values.hpp"

namespace patchbay::config {

const Fields<TlsFiles>& tls_fields() {
    static const Fields<TlsFiles> fields{
        {"certificate",
         "file",
         "",
         "PEM file with the certificate chain, the server's own first",
         true,
         [](TlsFiles& t, const Yaml& n) { return read_text(t.certificate, n); },
         {}},
        {"key",
         "file",
         "",
         "PEM file with the private key",
         true,
         [](TlsFiles& t, const Yaml& n) { return read_text(t.key, n); },
         {}},
    };
    return fields;
}

void read_tls(std::optional<TlsFiles>& out, const Yaml& node, const std::string& path, Report& report) {
    out.reset();
    if (node.IsNull()) return;
    read_record(out.emplace(), node, tls_fields(), path, report);
}

}  // namespace patchbay::config
