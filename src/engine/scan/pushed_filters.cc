#include "engine/scan/pushed_filters.h"

#include <algorithm>
#include <iterator>

#include "planning/filter_translation.h"

namespace sumac::engine {
namespace {

using items::Encoding;

// Whether every column of the attribute itself has one of these encodings.
bool AllAre(const items::ItemSchema& schema, const std::string& attribute,
            std::initializer_list<Encoding> encodings, bool from_text) {
  return std::all_of(schema.columns.begin(), schema.columns.end(), [&](const auto& column) {
    const bool is_other =
        column.attribute_name != attribute || column.catch_all || !column.path.empty();
    const auto& shape = column.shape;
    return is_other ||
           ((from_text || !shape.from_text) &&
            std::find(encodings.begin(), encodings.end(), shape.encoding) != encodings.end());
  });
}

// Key attributes that every column shows as a whole number, so that a row that some filter of the
// attribute lets pass has one.
std::vector<std::string> WholeNumberKeys(const RemoteTable& table) {
  std::vector<std::string> names;
  const auto add = [&](const dynamodb::KeyAttribute& key, bool from_text) {
    if (key.type == dynamodb::KeyType::kNumber &&
        AllAre(*table.schema, key.name, {Encoding::kBigint, Encoding::kInteger}, from_text)) {
      names.push_back(key.name);
    }
  };
  for (const auto& key : table.description.keys) add(key, true);
  for (const auto& index : table.description.indexes) {
    for (const auto& key : index.partition_keys) add(key, false);
  }
  return names;
}

// Keys of indexes of which no column shows a value that the index could not have.
std::vector<std::string> TypedKeys(const RemoteTable& table) {
  std::vector<std::string> names;
  const auto add = [&](const dynamodb::KeyAttribute& key) {
    const auto& schema = *table.schema;
    bool typed = false;
    switch (key.type) {
      case dynamodb::KeyType::kString:
        typed = AllAre(schema, key.name, {Encoding::kString}, false);
        break;
      case dynamodb::KeyType::kNumber:
        typed = AllAre(schema, key.name,
                       {Encoding::kBigint, Encoding::kInteger, Encoding::kDouble,
                        Encoding::kNearestDouble, Encoding::kDecimal},
                       false);
        break;
      case dynamodb::KeyType::kBinary:
        // Shown however long they are.
        break;
    }
    if (typed) names.push_back(key.name);
  };
  for (const auto& index : table.description.indexes) {
    for (const auto& key : index.partition_keys) add(key);
    for (const auto& key : index.sort_keys) add(key);
  }
  return names;
}

void AddAttributes(const dynamodb::Condition& condition, std::vector<std::string>& names) {
  if (!condition.path.empty()) names.push_back(condition.path[0].name);
  for (const auto& part : condition.parts) AddAttributes(part, names);
}

// What a request asks for; nothing for whole items. A count is of what the conditions are of.
std::optional<std::vector<std::string>> AttributesOf(
    const dynamodb::ScanRequest& request, const std::vector<dynamodb::Condition>& conditions) {
  std::vector<std::string> names;
  if (request.count_only) {
    for (const auto& condition : conditions) AddAttributes(condition, names);
    return names;
  }
  if (request.projection.empty()) return std::nullopt;
  for (const auto& path : request.projection) names.push_back(path[0].name);
  return names;
}

}  // namespace

void PushedFilters::Add(const duckdb::LogicalGet& get, const RemoteTable& table,
                        const std::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  if (!table.MayLeaveItemsOut()) {
    exact_ = exact_ && filters.empty();
    return;
  }
  const auto& columns = get.GetColumnIds();
  const planning::ColumnOf column_of =
      [&](const duckdb::ColumnBinding& binding) -> std::optional<size_t> {
    if (binding.table_index != get.table_index || binding.column_index >= columns.size()) {
      return std::nullopt;
    }
    const auto id = columns[binding.column_index].GetPrimaryIndex();
    if (duckdb::IsVirtualColumn(id)) return std::nullopt;
    return static_cast<size_t>(id);
  };
  for (const auto& filter : filters) {
    if (!filter->IsVolatile() && !seen_.insert(filter->ToString()).second) continue;
    auto translation =
        filter->IsVolatile()
            ? planning::Translation{}
            : planning::TranslateFilter(*filter, *table.schema, table.description.keys, column_of);
    exact_ = exact_ && translation.exact;
    has_others_ = has_others_ || (!translation.exact && !translation.condition);
    if (translation.condition) conditions_.push_back(*std::move(translation.condition));
  }
}

planning::ReadPlan PushedFilters::PlanFor(const RemoteTable& table,
                                          const dynamodb::ScanRequest& request,
                                          std::vector<dynamodb::Condition> join_keys) const {
  planning::ReadDemand demand;
  demand.conditions = conditions_;
  std::move(join_keys.begin(), join_keys.end(), std::back_inserter(demand.conditions));
  demand.whole_numbers = WholeNumberKeys(table);
  demand.typed = TypedKeys(table);
  demand.attributes = AttributesOf(request, demand.conditions);
  demand.consistent_read = request.consistent_read;
  const auto& denials = *table.denials;
  // What stands in for an index is a scan, where the table's own key may do.
  demand.indexes = !denials.index;
  auto plan = planning::WithoutDenied(planning::PlanRead(demand, table.description),
                                      {denials.get, denials.query, denials.index});
  plan.exact = plan.exact && exact_;
  return plan;
}

}  // namespace sumac::engine
