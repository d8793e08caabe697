#include "observe/process_metrics.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

#include "base/metrics.hpp"

namespace patchbay::observe {
namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    double whole = 0, resident = 0;
    statm >> whole >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
    std::error_code ec;
    double count = 0;
    for (std::filesystem::directory_iterator entry("/proc/self/fd", ec), end; !ec && entry != end;
         entry.increment(ec)) {
        ++count;
    }
    return count;
}

double descriptor_limit() {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    return static_cast<double>(files.rlim_cur);
}

}  // namespace

ProcessMetrics::ProcessMetrics(const char* version) {
    metrics::gauge("patchbay_build_info", "The version that runs; always 1", {{"version", version}}).set(1);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    metrics::gauge("process_start_time_seconds", "When the process began, in seconds since 1970")
        .set(std::chrono::duration<double>(now).count());
    refresh();
}

void ProcessMetrics::refresh() {
    static auto& cpu =
        metrics::counter("process_cpu_seconds_total", "CPU time used, user and system, in seconds");
    static auto& memory = metrics::gauge("process_resident_memory_bytes", "Resident memory in bytes");
    static auto& descriptors = metrics::gauge("process_open_fds", "Open file descriptors");
    static auto& most = metrics::gauge("process_max_fds", "The most file descriptors that may be open");
    const std::scoped_lock lock(mutex_);
    const double used = cpu_seconds();
    cpu.add(used - cpu_seconds_);
    cpu_seconds_ = used;
    memory.set(resident_bytes());
    descriptors.set(open_descriptors());
    most.set(descriptor_limit());
}

}  // namespace patchbay::observe
