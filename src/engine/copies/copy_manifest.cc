#include "engine/copies/copy_manifest.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalType;
using duckdb::Value;

// Of the rows that this version writes, and the newest that it reads.
constexpr int32_t kFormat = 1;

constexpr char kColumns[] =
    "format INTEGER, dataset VARCHAR, table_name VARCHAR, identity VARCHAR, \"rows\" UBIGINT, "
    "read_at TIMESTAMP, note VARCHAR, item_name VARCHAR, overflow_name VARCHAR, item_kept BOOLEAN, "
    "misfit_columns VARCHAR[], misfit_counts UBIGINT[], unknown_attributes VARCHAR[], "
    "advice VARCHAR";

constexpr char kNames[] =
    "format, dataset, table_name, identity, \"rows\", read_at, note, item_name, overflow_name, "
    "item_kept, misfit_columns, misfit_counts, unknown_attributes, advice";

std::string TableOf(const std::string& catalog) {
  return catalog + "." + kCopyFileSchema + ".copies";
}

Value TimeValue(WallTime time) {
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch());
  return Value::TIMESTAMP(duckdb::timestamp_t(since.count()));
}

WallTime TimeOf(const Value& value) {
  return WallTime(std::chrono::microseconds(value.GetValue<duckdb::timestamp_t>().value));
}

std::string TextOf(const Value& value) {
  return value.IsNull() ? std::string() : duckdb::StringValue::Get(value);
}

duckdb::vector<Value> ValuesOf(const Value& list) {
  return list.IsNull() ? duckdb::vector<Value>() : duckdb::ListValue::GetChildren(list);
}

DatasetLosses LossesOf(const std::vector<Value>& row) {
  DatasetLosses losses;
  const auto columns = ValuesOf(row[10]);
  const auto counts = ValuesOf(row[11]);
  for (size_t i = 0; i < columns.size() && i < counts.size(); ++i) {
    losses.misfits[TextOf(columns[i])] = counts[i].GetValue<uint64_t>();
  }
  for (const auto& name : ValuesOf(row[12])) {
    losses.unknown_attributes.insert(TextOf(name));
  }
  losses.advice = TextOf(row[13]);
  return losses;
}

ManifestEntry EntryOf(const std::vector<Value>& row) {
  ManifestEntry entry;
  entry.facts.dataset_name = TextOf(row[1]);
  entry.table_name = TextOf(row[2]);
  entry.facts.identity = TextOf(row[3]);
  entry.facts.rows = row[4].GetValue<uint64_t>();
  entry.facts.read_at = TimeOf(row[5]);
  entry.facts.note = TextOf(row[6]);
  if (row[7].IsNull()) return entry;
  CopiedVirtualColumns columns;
  columns.item_name = TextOf(row[7]);
  columns.overflow_name = TextOf(row[8]);
  columns.dataset_name = entry.facts.dataset_name;
  columns.losses = LossesOf(row);
  // Where it stands is known by whoever knows the table's columns.
  if (!row[9].IsNull() && row[9].GetValue<bool>()) columns.item_position = 0;
  entry.virtual_columns = std::make_shared<const CopiedVirtualColumns>(std::move(columns));
  return entry;
}

duckdb::vector<Value> RowOf(const ManifestEntry& entry) {
  duckdb::vector<Value> columns;
  duckdb::vector<Value> counts;
  duckdb::vector<Value> attributes;
  Value item_name(LogicalType::VARCHAR);
  Value overflow_name(LogicalType::VARCHAR);
  bool item_kept = false;
  std::string advice;
  if (const auto* own = entry.virtual_columns.get()) {
    item_name = Value(own->item_name);
    overflow_name = Value(own->overflow_name);
    item_kept = own->item_position.has_value();
    advice = own->losses.advice;
    for (const auto& [column, count] : own->losses.misfits) {
      columns.emplace_back(column);
      counts.push_back(Value::UBIGINT(count));
    }
    for (const auto& name : own->losses.unknown_attributes) attributes.emplace_back(name);
  }
  return {Value::INTEGER(kFormat),
          Value(entry.facts.dataset_name),
          Value(entry.table_name),
          Value(entry.facts.identity),
          Value::UBIGINT(entry.facts.rows),
          TimeValue(entry.facts.read_at),
          Value(entry.facts.note),
          item_name,
          overflow_name,
          Value::BOOLEAN(item_kept),
          Value::LIST(LogicalType::VARCHAR, std::move(columns)),
          Value::LIST(LogicalType::UBIGINT, std::move(counts)),
          Value::LIST(LogicalType::VARCHAR, std::move(attributes)),
          Value(advice)};
}

}  // namespace

Status MakeManifest(CopyConnection& connection, const std::string& catalog) {
  SUMAC_RETURN_IF_ERROR(
      connection.Run("CREATE SCHEMA IF NOT EXISTS " + catalog + "." + kCopyFileSchema));
  return connection.Run("CREATE TABLE IF NOT EXISTS " + TableOf(catalog) + " (" + kColumns + ")");
}

Result<std::vector<ManifestEntry>> ReadManifest(CopyConnection& connection,
                                                const std::string& catalog) {
  SUMAC_ASSIGN_OR_RETURN(
      const auto newest,
      connection.Value("SELECT coalesce(max(format), 0) FROM " + TableOf(catalog)));
  if (newest.GetValue<int32_t>() > kFormat) {
    return Fail(ErrorCode::kUnsupported, "it was written by a newer version of Sumac");
  }
  SUMAC_ASSIGN_OR_RETURN(const auto rows, connection.Rows(std::string("SELECT ") + kNames +
                                                          " FROM " + TableOf(catalog)));
  std::vector<ManifestEntry> entries;
  for (const auto& row : rows) {
    for (const size_t needed : {1, 2, 4, 5}) {
      if (row[needed].IsNull()) {
        return Fail(ErrorCode::kDataCorrupt, "its list of copies has a row without values");
      }
    }
    entries.push_back(EntryOf(row));
  }
  return entries;
}

Status WriteManifest(CopyConnection& connection, const std::string& catalog,
                     const ManifestEntry& entry) {
  SUMAC_RETURN_IF_ERROR(
      connection.Run("DELETE FROM " + TableOf(catalog) + " WHERE lower(dataset) = lower($1)",
                     {duckdb::Value(entry.facts.dataset_name)}));
  return connection.Run(
      "INSERT INTO " + TableOf(catalog) + " (" + kNames +
          ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      RowOf(entry));
}

}  // namespace sumac::engine
