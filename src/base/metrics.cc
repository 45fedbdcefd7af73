#include "base/metrics.h"

#include <cmath>
#include <map>
#include <mutex>

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace sumac {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

std::string BoundText(double bound) {
  return std::isinf(bound) ? "+Inf" : fmt::format("{}", bound);
}

void AddHistogram(const std::string& name, const Labels& labels,
                  const prometheus::ClientMetric::Histogram& histogram,
                  std::vector<MetricSample>& samples) {
  for (const auto& bucket : histogram.bucket) {
    Labels of_bucket = labels;
    of_bucket.emplace_back("le", BoundText(bucket.upper_bound));
    samples.push_back(
        {name + "_bucket", std::move(of_bucket), static_cast<double>(bucket.cumulative_count)});
  }
  samples.push_back({name + "_sum", labels, histogram.sample_sum});
  samples.push_back({name + "_count", labels, static_cast<double>(histogram.sample_count)});
}

void AddFamily(const prometheus::MetricFamily& family, std::vector<MetricSample>& samples) {
  for (const auto& metric : family.metric) {
    Labels labels;
    for (const auto& label : metric.label) labels.emplace_back(label.name, label.value);
    if (family.type == prometheus::MetricType::Histogram) {
      AddHistogram(family.name, labels, metric.histogram, samples);
    } else {
      const bool counts = family.type == prometheus::MetricType::Counter;
      samples.push_back(
          {family.name, std::move(labels), counts ? metric.counter.value : metric.gauge.value});
    }
  }
}

}  // namespace

class Metrics::State {
 public:
  void Add(const MetricDefinition& metric, const std::vector<std::string>& label_values,
           double amount) {
    std::lock_guard lock(mutex_);
    ValueOf(metric, label_values, prometheus::BuildCounter, counters_).Increment(amount);
  }

  void Set(const MetricDefinition& metric, const std::vector<std::string>& label_values,
           double value) {
    std::lock_guard lock(mutex_);
    ValueOf(metric, label_values, prometheus::BuildGauge, gauges_).Set(value);
  }

  void Remove(const MetricDefinition& metric, const std::vector<std::string>& label_values) {
    std::lock_guard lock(mutex_);
    const auto family = gauges_.find(metric.name);
    if (family == gauges_.end()) return;
    const auto found = family->second.values.find(label_values);
    if (found == family->second.values.end()) return;
    family->second.family->Remove(found->second);
    family->second.values.erase(found);
  }

  void Observe(const MetricDefinition& metric, const std::vector<std::string>& label_values,
               double amount) {
    std::lock_guard lock(mutex_);
    ValueOf(metric, label_values, prometheus::BuildHistogram, histograms_, metric.bucket_bounds)
        .Observe(amount);
  }

  std::string Text() const { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

  std::vector<MetricSample> Samples() const {
    std::vector<MetricSample> samples;
    for (const auto& family : registry_.Collect()) AddFamily(family, samples);
    return samples;
  }

 private:
  template <typename Value>
  struct Family {
    prometheus::Family<Value>* family = nullptr;
    std::map<std::vector<std::string>, Value*> values;
  };
  template <typename Value>
  using Families = std::map<std::string, Family<Value>>;

  // `arguments` are those of a new value. Called with the lock held, under which it is used, too.
  template <typename Value, typename Build, typename... Arguments>
  Value& ValueOf(const MetricDefinition& metric, std::vector<std::string> label_values, Build build,
                 Families<Value>& families, const Arguments&... arguments) {
    auto& family = families[metric.name];
    if (family.family == nullptr) {
      family.family = &build().Name(metric.name).Help(metric.help).Register(registry_);
    }
    auto found = family.values.find(label_values);
    if (found == family.values.end() && family.values.size() >= kLabelSetsMax) {
      label_values.assign(metric.labels.size(), kOtherLabel);
      found = family.values.find(label_values);
    }
    if (found != family.values.end()) return *found->second;
    prometheus::Labels labels;
    for (size_t i = 0; i < metric.labels.size() && i < label_values.size(); ++i) {
      labels.emplace(metric.labels[i], label_values[i]);
    }
    auto& value = family.family->Add(labels, arguments...);
    family.values.emplace(std::move(label_values), &value);
    return value;
  }

  prometheus::Registry registry_;
  std::mutex mutex_;
  Families<prometheus::Counter> counters_;      // guarded by mutex_
  Families<prometheus::Gauge> gauges_;          // guarded by mutex_
  Families<prometheus::Histogram> histograms_;  // guarded by mutex_
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}

Metrics::~Metrics() = default;

void Metrics::Add(const MetricDefinition& metric, const std::vector<std::string>& label_values,
                  double amount) {
  state_->Add(metric, label_values, amount);
}

void Metrics::Set(const MetricDefinition& metric, const std::vector<std::string>& label_values,
                  double value) {
  state_->Set(metric, label_values, value);
}

void Metrics::Remove(const MetricDefinition& metric, const std::vector<std::string>& label_values) {
  state_->Remove(metric, label_values);
}

void Metrics::Observe(const MetricDefinition& metric, const std::vector<std::string>& label_values,
                      double amount) {
  state_->Observe(metric, label_values, amount);
}

std::string Metrics::Text() const {
  return state_->Text();
}

std::vector<MetricSample> Metrics::Samples() const {
  return state_->Samples();
}

}  // namespace sumac
