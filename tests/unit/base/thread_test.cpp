#include "base/thread.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <pthread.h>

namespace patchbay {
namespace {

TEST(Thread, TakesNoSignals) {
    sigset_t blocked, before, after;
    pthread_sigmask(SIG_SETMASK, nullptr, &before);
    auto thread = start_thread("quiet", [&] { pthread_sigmask(SIG_SETMASK, nullptr, &blocked); });
    thread.join();
    pthread_sigmask(SIG_SETMASK, nullptr, &after);
    for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
        EXPECT_EQ(sigismember(&blocked, signal), 1);
        EXPECT_EQ(sigismember(&after, signal), sigismember(&before, signal)) << "the caller's own stay";
    }
}

}  // namespace
}  // namespace patchbay
