#include "datasets/pod_reload.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "spicepod/difference.h"

namespace sumac::datasets {
namespace {

// Of a line of the log.
constexpr size_t kNamesMax = 10;

void DescribeNames(const std::vector<std::string>& names, const char* what,
                   std::vector<std::string>& parts) {
  if (names.empty()) return;
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + std::min(names.size(), kNamesMax));
  parts.push_back(fmt::format("{} dataset{} {} ({}{})", names.size(), names.size() == 1 ? "" : "s",
                              what, fmt::join(first, ", "),
                              names.size() > kNamesMax ? ", ..." : ""));
}

// The values, or why there are none.
bool SameParameters(const ServedDataset& served, const DatasetLoader& loader,
                    const spicepod::Dataset& dataset) {
  const auto before = served.loader().Parameters(served.dataset());
  const auto now = loader.Parameters(dataset);
  if (before && now) return *before == *now;
  return !before && !now && before.error().message == now.error().message;
}

}  // namespace

std::string DescribePodChange(const PodChange& change) {
  std::vector<std::string> parts;
  DescribeNames(change.added, "added", parts);
  DescribeNames(change.changed, "changed", parts);
  DescribeNames(change.removed, "removed", parts);
  if (change.views_changed) parts.push_back("views changed");
  if (parts.empty()) return "nothing has changed";
  if (change.unchanged > 0) parts.push_back(fmt::format("{} unchanged", change.unchanged));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<DatasetSuccession> FindSuccessions(
    const spicepod::Spicepod& pod, const DatasetLoader& loader,
    const std::vector<std::shared_ptr<ServedDataset>>& served) {
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < served.size(); ++i) {
    places.emplace(spicepod::TableKey(served[i]->dataset().name), i);
  }
  std::vector<DatasetSuccession> successions;
  for (const auto& dataset : pod.datasets) {
    auto& succession = successions.emplace_back();
    succession.dataset = &dataset;
    const auto found = places.find(spicepod::TableKey(dataset.name));
    if (found == places.end()) continue;
    succession.served = found->second;
    const auto& before = *served[found->second];
    // What failed is tried again.
    succession.unchanged = before.Status().state != DatasetState::kError &&
                           spicepod::SameDataset(before.dataset(), dataset) &&
                           SameParameters(before, loader, dataset);
  }
  return successions;
}

}  // namespace sumac::datasets
