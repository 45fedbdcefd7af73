#include "engine/dataset_losses.h"

#include "base/printable_text.h"

namespace sumac::engine {
namespace {

constexpr size_t kColumnsShownMax = 20;
constexpr size_t kNameShownBytes = 60;

std::string MisfitLine(const std::string& dataset, const std::string& column, uint64_t count,
                       const std::string& advice) {
  const bool one = count == 1;
  return "dataset '" + dataset + "', column '" + PrintableText(column, kNameShownBytes) +
         "': " + std::to_string(count) + (one ? " value" : " values") +
         " did not fit the column's type and " + (one ? "is" : "are") + " wholly or partly NULL; " +
         advice;
}

}  // namespace

void DatasetLosses::AddUnknownAttribute(const std::string& attribute) {
  if (unknown_attributes.size() < kUnknownAttributesMax) unknown_attributes.insert(attribute);
}

void DatasetLosses::Join(const DatasetLosses& other) {
  for (const auto& [column, count] : other.misfits) misfits[column] += count;
  for (const auto& attribute : other.unknown_attributes) AddUnknownAttribute(attribute);
  advice = other.advice;
}

std::vector<std::string> WarningLines(const std::string& dataset_name,
                                      const DatasetLosses& losses) {
  std::vector<std::string> lines;
  for (const auto& [column, count] : losses.misfits) {
    if (lines.size() == kColumnsShownMax) {
      lines.push_back("dataset '" + dataset_name + "': the same in " +
                      std::to_string(losses.misfits.size() - kColumnsShownMax) + " more columns");
      break;
    }
    lines.push_back(MisfitLine(dataset_name, column, count, losses.advice));
  }
  if (losses.unknown_attributes.empty()) return lines;
  std::string names;
  size_t shown = 0;
  for (const auto& attribute : losses.unknown_attributes) {
    // The last place only tells that there are more.
    const bool more = ++shown == DatasetLosses::kUnknownAttributesMax;
    if (!names.empty()) names += ", ";
    names += more ? "..." : "'" + PrintableText(attribute, kNameShownBytes) + "'";
  }
  lines.push_back("dataset '" + dataset_name + "': items have attributes without a column (" +
                  names + "); " + losses.advice);
  return lines;
}

}  // namespace sumac::engine
