#include "base/metrics.h"

#include <map>
#include <mutex>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace sumac {

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

}  // namespace sumac
