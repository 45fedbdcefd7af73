#include "datasets/schema_change.h"

#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace sumac::datasets {

SchemaChange CompareColumns(const std::vector<engine::ResultColumn>& before,
                            const std::vector<engine::ResultColumn>& after) {
  std::unordered_map<std::string, const engine::ResultColumn*> columns_before;
  for (const auto& column : before) columns_before.emplace(column.name, &column);
  std::unordered_set<std::string> names_after;
  SchemaChange change;
  for (const auto& column : after) {
    names_after.insert(column.name);
    const auto found = columns_before.find(column.name);
    if (found == columns_before.end()) {
      change.added.push_back(column.name);
    } else if (found->second->type != column.type) {
      change.changed_types.push_back(
          {column.name, found->second->type.ToString(), column.type.ToString()});
    }
  }
  for (const auto& column : before) {
    if (!names_after.contains(column.name)) change.removed.push_back(column.name);
  }
  return change;
}

std::string DescribeChange(const std::string& dataset_name, const SchemaChange& change) {
  const std::string subject = "The schema of dataset '" + dataset_name + "' ";
  if (change.Empty()) return subject + "is up to date: nothing changed.";
  std::string text;
  const auto add = [&text](size_t count, const char* what) {
    if (count == 0) return;
    text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", count,
                        count == 1 ? "column" : "columns", what);
  };
  add(change.added.size(), "added");
  add(change.removed.size(), "removed");
  add(change.changed_types.size(), "of another type");
  return subject + "was refreshed: " + text + ".";
}

}  // namespace sumac::datasets
