#include "base/metrics.hpp"

#include <memory>
#include <mutex>
#include <utility>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace patchbay::metrics {
namespace {

class PrometheusCounter final : public Counter {
  public:
    explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
    void add(double amount) override { counter_.Increment(amount); }

  private:
    prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
  public:
    explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
    void set(double value) override { gauge_.Set(value); }
    void add(double amount) override { gauge_.Increment(amount); }

  private:
    prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
  public:
    explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
    void observe(double value) override { histogram_.Observe(value); }

  private:
    prometheus::Histogram& histogram_;
};

// One wrapper a metric, kept for good.
template <typename Wrapper>
using Known = std::map<std::pair<std::string, Labels>, std::unique_ptr<Wrapper>>;

struct Store {
    std::mutex mutex;
    prometheus::Registry registry;
    Known<PrometheusCounter> counters;
    Known<PrometheusGauge> gauges;
    Known<PrometheusHistogram> histograms;
};

Store& store() {
    static Store instance;
    return instance;
}

template <typename Wrapper, typename Make>
Wrapper& find_or_make(Known<Wrapper>& known, const std::string& name, const Labels& labels, Make make) {
    const std::scoped_lock lock(store().mutex);
    auto& slot = known[{name, labels}];
    if (!slot) slot = std::make_unique<Wrapper>(make());
    return *slot;
}

}  // namespace

Counter& counter(const std::string& name, const std::string& help, const Labels& labels) {
    return find_or_make(store().counters, name, labels, [&]() -> prometheus::Counter& {
        return prometheus::BuildCounter().Name(name).Help(help).Register(store().registry).Add(labels);
    });
}

Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels) {
    return find_or_make(store().gauges, name, labels, [&]() -> prometheus::Gauge& {
        return prometheus::BuildGauge().Name(name).Help(help).Register(store().registry).Add(labels);
    });
}

Histogram& histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                     const Labels& labels) {
    return find_or_make(store().histograms, name, labels, [&]() -> prometheus::Histogram& {
        return prometheus::BuildHistogram()
            .Name(name)
            .Help(help)
            .Register(store().registry)
            .Add(labels, bounds);
    });
}

std::string exposition() {
    return prometheus::TextSerializer{}.Serialize(store().registry.Collect());
}

}  // namespace patchbay::metrics
