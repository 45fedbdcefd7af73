#include "engine/scan/scan_columns.h"

#include <algorithm>
#include <set>

#include "engine/scan/scan_function.h"

namespace sumac::engine {
namespace {

using dynamodb::AttributePath;
using items::FieldSelection;
using items::OutputColumn;

FieldSelection SelectionOf(const duckdb::ColumnIndex& index, const items::Shape& shape) {
  FieldSelection selection;
  // Elements of lists and entries of MAPs have no names that could be asked for.
  if (shape.encoding != items::Encoding::kStruct) return selection;
  for (const auto& child : index.GetChildIndexes()) {
    const auto field = static_cast<size_t>(child.GetPrimaryIndex());
    if (field >= shape.fields.size()) return {};
    selection.children.push_back({field, SelectionOf(child, shape.fields[field].shape)});
  }
  return selection;
}

void AddPaths(AttributePath path, const items::Shape& shape, const FieldSelection& selection,
              std::set<AttributePath>& paths) {
  for (const auto& child : selection.children) {
    const auto& field = shape.fields[child.field];
    auto longer = path;
    longer.push_back(field.attribute_name);
    AddPaths(std::move(longer), field.shape, child.selection, paths);
  }
  if (selection.children.empty()) paths.insert(std::move(path));
}

// Without those that another one begins.
std::vector<AttributePath> WithoutOverlaps(const std::set<AttributePath>& paths) {
  std::vector<AttributePath> kept;
  for (const auto& path : paths) {
    // Whatever a path begins follows it at once.
    const bool covered = !kept.empty() && kept.back().size() <= path.size() &&
                         std::equal(kept.back().begin(), kept.back().end(), path.begin());
    if (!covered) kept.push_back(path);
  }
  return kept;
}

}  // namespace

OutputColumn OutputColumnOf(const duckdb::ColumnIndex& index, const items::ItemSchema& schema) {
  const auto id = index.GetPrimaryIndex();
  if (id == kItemColumn) return {OutputColumn::Kind::kItem, 0, {}};
  if (id == kOverflowColumn) return {OutputColumn::Kind::kOverflow, 0, {}};
  if (duckdb::IsVirtualColumn(id)) return {OutputColumn::Kind::kNothing, 0, {}};
  OutputColumn column{OutputColumn::Kind::kField, static_cast<size_t>(id), {}};
  // Where a value that does not fit is an error, all of it has to be looked at.
  if (schema.on_type_mismatch != items::MismatchAction::kError) {
    column.selection = SelectionOf(index, schema.columns[column.field].shape);
  }
  return column;
}

std::vector<OutputColumn> OutputColumnsOf(const duckdb::vector<duckdb::ColumnIndex>& indexes,
                                          const items::ItemSchema& schema) {
  std::vector<OutputColumn> columns;
  for (const auto& index : indexes) columns.push_back(OutputColumnOf(index, schema));
  return columns;
}

bool ShowsWholeItems(const std::vector<OutputColumn>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const OutputColumn& column) {
    return column.kind == OutputColumn::Kind::kItem || column.kind == OutputColumn::Kind::kOverflow;
  });
}

dynamodb::ScanRequest MakeScanRequest(const RemoteTable& table,
                                      const std::vector<OutputColumn>& columns) {
  const auto& schema = *table.schema;
  dynamodb::ScanRequest request;
  request.table_name = table.table_name;
  request.consistent_read = table.consistent_read;
  bool whole_items = ShowsWholeItems(columns);
  std::set<size_t> read_whole;
  std::set<AttributePath> paths;
  for (const auto& column : columns) {
    if (column.kind != OutputColumn::Kind::kField) continue;
    const auto& field = schema.columns[column.field];
    whole_items = whole_items || field.catch_all;
    if (column.selection.children.empty()) read_whole.insert(column.field);
    AttributePath path{field.attribute_name};
    path.insert(path.end(), field.path.begin(), field.path.end());
    AddPaths(std::move(path), field.shape, column.selection, paths);
  }
  request.count_only = paths.empty() && !whole_items;
  if (whole_items || read_whole.size() == schema.columns.size()) return request;
  request.projection = WithoutOverlaps(paths);
  return request;
}

}  // namespace sumac::engine
