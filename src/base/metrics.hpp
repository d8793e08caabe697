// Counters, gauges and histograms of the process, as Prometheus reads them. Ask once for the metric and keep
// the reference: it lives as long as the process. Adding is thread-safe and never blocks.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace patchbay::metrics {

using Labels = std::map<std::string, std::string>;

class Counter {
  public:
    virtual ~Counter() = default;
    virtual void add(double amount = 1) = 0;
};

class Gauge {
  public:
    virtual ~Gauge() = default;
    virtual void set(double value) = 0;
    virtual void add(double amount) = 0;
};

class Histogram {
  public:
    virtual ~Histogram() = default;
    virtual void observe(double value) = 0;
};

/// The metric of that name and those labels, made at first use. `help` says what is counted and its unit.
/// Names begin with `patchbay_` and a room; labels take few values (never a number or an id).
Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});
/// `bounds` are the upper bounds of the buckets, rising.
Histogram& histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                     const Labels& labels = {});

/// All metrics in Prometheus' text format.
std::string exposition();

}  // namespace patchbay::metrics
