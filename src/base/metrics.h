// What the process counts of itself, as Prometheus reads it. An object that is handed around: there
// is no global one, so a test has its own.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sumac {

// A metric by its name in the exposition, which is its name everywhere. Defined once, as a
// constant.
struct MetricDefinition {
  enum class Kind {
    kCounter,    // only grows
    kGauge,      // what is so now
    kHistogram,  // how often which amounts occurred
  };
  const char* name;  // [a-z_]+
  Kind kind;
  const char* help;
  std::vector<const char*> labels;
  // Of a histogram: the largest amount of each of its buckets, ascending; one more has the rest.
  std::vector<double> bucket_bounds = {};
};

// One line of Metrics::Text: a histogram has one for each bucket (with its bound as the label
// `le`), one for the sum and one for the count.
struct MetricSample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
};

// Thread-safe.
class Metrics {
 public:
  // A metric has at most this many sets of label values. What comes after them is counted in one
  // set whose values are all kOtherLabel, so that no input can make the process grow.
  static constexpr size_t kLabelSetsMax = 2'000;
  static constexpr char kOtherLabel[] = "_other";

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // REQUIRES: `metric` is a counter, `amount` is not negative, and there is one of `label_values`
  // for each of the metric's labels, in their order.
  void Add(const MetricDefinition& metric, const std::vector<std::string>& label_values,
           double amount = 1);

  // REQUIRES: `metric` is a gauge; as for Add.
  void Set(const MetricDefinition& metric, const std::vector<std::string>& label_values,
           double value);

  // Forgets a value of a gauge: that of something that is no more. Nothing when it has none.
  void Remove(const MetricDefinition& metric, const std::vector<std::string>& label_values);

  // Counts an amount that occurred. REQUIRES: `metric` is a histogram; as for Add.
  void Observe(const MetricDefinition& metric, const std::vector<std::string>& label_values,
               double amount);

  // Every metric that has a value, in the text format of Prometheus (version 0.0.4).
  std::string Text() const;
  // The same as values.
  std::vector<MetricSample> Samples() const;

 private:
  class State;
  const std::unique_ptr<State> state_;
};

// The Content-Type of Metrics::Text.
inline constexpr char kMetricsContentType[] = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace sumac
