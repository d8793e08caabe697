// Debian's Sofia never frees the SSL object of a TLS connection (47 KB each; tls_free() in tport_tls.c). The
// room itself asks OpenSSL only for one-shot digests, so nothing of ours hides behind this.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libssl.so\nleak:libcrypto.so\n";
}
