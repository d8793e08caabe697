#include "sip/tls_connections.hpp"

#include <vector>

#include <openssl/bio.h>
#include <openssl/ssl.h>

namespace patchbay::sip {
namespace {

/// What the thread has opened and adopt_tls_connections() has not seen; only threads that call it take note.
struct Newborn {
    bool wanted = false;
    std::vector<SSL*> connections;
};

Newborn& newborn() {
    thread_local Newborn mine;
    return mine;
}

void note_birth(void* connection, void* /*data*/, CRYPTO_EX_DATA* /*all*/, int /*index*/, long /*number*/,
                void* /*argument*/) {
    if (newborn().wanted) newborn().connections.push_back(static_cast<SSL*>(connection));
}

void note_death(void* connection, void* /*data*/, CRYPTO_EX_DATA* /*all*/, int /*index*/, long /*number*/,
                void* /*argument*/) {
    std::erase(newborn().connections, static_cast<SSL*>(connection));
}

/// Called by the BIO of an adopted connection. Sofia gives the BIO back as the last thing it does with a
/// connection, and that was the last holder of it that is counted (see adopt()).
long end_with_bio(BIO* bio, int operation, const char* /*data*/, std::size_t /*size*/, int /*command*/,
                  long /*argument*/, int result, std::size_t* /*processed*/) {
    if (operation != BIO_CB_FREE) return result;
    auto* connection = reinterpret_cast<SSL*>(BIO_get_callback_arg(bio));
    BIO_set_callback_ex(bio, nullptr);
    for (int direction = 0; direction < 2; ++direction) BIO_up_ref(bio);
    SSL_free(connection);  // and with it the BIO, which it holds for both directions
    return 0;              // so that OpenSSL does not go on to free the BIO
}

/// An SSL object holds the BIO of its socket twice, once for each direction. Sofia, too, gives it back once,
/// though it does not hold it. With one holder less that is the last time, which the BIO tells of. Its
/// context Sofia gives back for the SSL object, which then does so itself: it is held once more.
void adopt(SSL* connection) {
    BIO* bio = SSL_get_rbio(connection);
    const bool is_sofias = bio != nullptr && BIO_method_type(bio) == BIO_TYPE_SOCKET &&
                           bio == SSL_get_wbio(connection) && BIO_get_close(bio) == BIO_NOCLOSE;
    if (!is_sofias) return;
    BIO_set_callback_arg(bio, reinterpret_cast<char*>(connection));
    BIO_set_callback_ex(bio, end_with_bio);
    BIO_free(bio);
    SSL_CTX_up_ref(SSL_get_SSL_CTX(connection));
}

}  // namespace

void adopt_tls_connections() {
    static const int watched =
        CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nullptr, note_birth, nullptr, note_death);
    newborn().wanted = watched >= 0;
    for (SSL* connection : newborn().connections) adopt(connection);
    newborn().connections.clear();
}

}  // namespace patchbay::sip
