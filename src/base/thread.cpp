#include "base/thread.hpp"

#include <csignal>
#include <utility>

#include <pthread.h>

namespace patchbay {

std::thread start_thread(const char* name, std::function<void()> body) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread(std::move(body));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_setname_np(thread.native_handle(), name);
    return thread;
}

}  // namespace patchbay
