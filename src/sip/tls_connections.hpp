// The end of TLS connections. Debian's Sofia never frees the SSL object of a connection (tls_free() in its
// tport_tls.c; upstream mended it in 2013): 77 KB for each that ever came. Here each is freed when Sofia is
// done with it, by what OpenSSL offers for watching its objects.
#pragma once

namespace patchbay::sip {

/// Takes charge of the connections that Sofia has opened on this thread since the last call; the first call
/// is before any of them. To be called before Sofia handles what came: it ends no connection in the turn that
/// opened it.
void adopt_tls_connections();

}  // namespace patchbay::sip
