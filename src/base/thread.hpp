// Threads that work beside the main one.
#pragma once

#include <functional>
#include <thread>

namespace patchbay {

/// Starts a thread that is shown under `name` (15 characters at most) and takes no signals: those are the
/// main thread's. Throws std::system_error when there can be none.
std::thread start_thread(const char* name, std::function<void()> body);

}  // namespace patchbay
