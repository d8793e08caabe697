// The copy of the bindings on disk, so that registered phones are reachable right after a restart. Written
// whole and put in place by rename: seconds after a phone came, a minute after one refreshed, and at the end.
// A copy that cannot be read costs only that phones must register again. Switch thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/timers.hpp"
#include "sip/location.hpp"

namespace patchbay::sip {

/// One binding as one line (without the line end), and back. Fields are separated by tabs. Error code
/// `location_line`.
std::string write_line(const std::string& record, const Binding& binding);
struct LocationLine {
    std::string record;
    Binding binding;
};
Result<LocationLine> read_line(std::string_view line);

class LocationFile {
  public:
    /// Restores what the file holds; `path` need not exist, its folder must.
    LocationFile(Location& location, Timers& timers, std::string path);
    /// Writes what is not written yet.
    ~LocationFile();
    LocationFile(const LocationFile&) = delete;
    LocationFile& operator=(const LocationFile&) = delete;

    /// Writes now, if anything changed. A failure is logged and tried again later.
    void save();

  private:
    void load();
    void wait();
    bool due() const;

    Location& location_;
    Timers& timers_;
    std::string path_;
    std::uint64_t saved_version_ = 0, saved_arrivals_ = 0;  ///< the location's, as on disk
    int turns_ = 0;                                         ///< waits since the last save
    TimerId timer_;
};

}  // namespace patchbay::sip
