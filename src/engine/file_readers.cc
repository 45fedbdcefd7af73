#include "engine/file_readers.h"

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/table_function_catalog_entry.hpp>
#include <duckdb/common/multi_file/multi_file_states.hpp>
#include <duckdb/execution/operator/csv_scanner/csv_file_scanner.hpp>
#include <duckdb/function/table/read_csv.hpp>
#include <duckdb/parser/tableref/table_function_ref.hpp>

#include "engine/readable_files.h"
#include "engine/scan/native_scan.h"

namespace sumac::engine {
namespace {

using duckdb::Value;

duckdb::TableFunction FindReader(duckdb::ClientContext& context, const char* name) {
  auto& entry =
      duckdb::Catalog::GetSystemCatalog(context).GetEntry<duckdb::TableFunctionCatalogEntry>(
          context, DEFAULT_SCHEMA, name);
  return entry.functions.GetFunctionByArguments(
      context, {duckdb::LogicalType::LIST(duckdb::LogicalType::VARCHAR)});
}

// Without the paths on this machine.
duckdb::virtual_column_map_t VirtualColumns(duckdb::ClientContext&,
                                            duckdb::optional_ptr<duckdb::FunctionData> data) {
  auto columns = data->Cast<duckdb::MultiFileBindData>().virtual_columns;
  columns.erase(duckdb::MultiFileReader::COLUMN_IDENTIFIER_FILENAME);
  return columns;
}

Value TypesValue(const std::map<std::string, duckdb::LogicalType>& types) {
  duckdb::child_list_t<Value> children;
  for (const auto& [name, type] : types) children.emplace_back(name, Value(type.ToString()));
  return Value::STRUCT(std::move(children));
}

// Nothing about how CSV is read is left to guesses but the types.
void AddCsvParameters(const FileTable& table, const PinnedTypes& pinned,
                      duckdb::named_parameter_map_t& parameters) {
  parameters["header"] = Value::BOOLEAN(table.csv_has_header);
  parameters["delim"] = Value(table.csv_delimiter);
  parameters["quote"] = Value(table.csv_quote);
  parameters["escape"] = Value(table.csv_escape);
  parameters["skip"] = Value::BIGINT(0);
  parameters["comment"] = Value("");
  parameters["dateformat"] = Value("%Y-%m-%d");
  if (!pinned.csv.empty()) parameters["types"] = TypesValue(pinned.csv);
}

duckdb::named_parameter_map_t ParametersOf(const FileTable& table, size_t files,
                                           const PinnedTypes& pinned) {
  duckdb::named_parameter_map_t parameters;
  // Each file's columns count, not only the first one's.
  parameters["union_by_name"] = Value::BOOLEAN(files > 1);
  parameters["hive_partitioning"] = Value::BOOLEAN(table.hive_partitioning);
  if (!pinned.folders.empty()) parameters["hive_types"] = TypesValue(pinned.folders);
  if (table.format == FileFormat::kParquet) return parameters;
  if (table.sampled_rows) parameters["sample_size"] = Value::BIGINT(*table.sampled_rows);
  if (table.format == FileFormat::kCsv) {
    AddCsvParameters(table, pinned, parameters);
  } else {
    parameters["format"] =
        Value(table.format == FileFormat::kJsonLines ? "newline_delimited" : "auto");
  }
  return parameters;
}

bool GuessesTimes(const duckdb::CSVReaderOptions& options) {
  const auto format = options.dialect_options.date_format.find(duckdb::LogicalTypeId::TIMESTAMP);
  if (format == options.dialect_options.date_format.end()) return false;
  const auto& specifier = format->second.GetValue().format_specifier;
  return !specifier.empty() && !specifier.starts_with("%Y");
}

}  // namespace

FileReaders FindFileReaders(duckdb::Connection& connection) {
  FileReaders readers;
  auto& context = *connection.context;
  context.RunFunctionInTransaction([&] {
    readers.parquet = FindReader(context, "read_parquet");
    readers.csv = FindReader(context, "read_csv");
    readers.json = FindReader(context, "read_json");
  });
  return readers;
}

BoundFiles BindFiles(duckdb::ClientContext& context, const FileReaders& readers,
                     const FileTable& table, const std::vector<std::string>& paths,
                     const PinnedTypes& pinned) {
  BoundFiles bound;
  bound.function = table.format == FileFormat::kParquet ? readers.parquet
                   : table.format == FileFormat::kCsv   ? readers.csv
                                                        : readers.json;
  duckdb::vector<Value> files;
  for (const auto& path : paths)
    files.emplace_back(ReadableFiles::PathFor(path, table.dataset_name));
  duckdb::vector<Value> inputs = {Value::LIST(duckdb::LogicalType::VARCHAR, std::move(files))};
  auto parameters = ParametersOf(table, paths.size(), pinned);
  duckdb::vector<duckdb::LogicalType> no_types;
  duckdb::vector<duckdb::string> no_names;
  const duckdb::TableFunctionRef reference;
  duckdb::TableFunctionBindInput input(inputs, parameters, no_types, no_names,
                                       bound.function.function_info.get(), nullptr, bound.function,
                                       reference);
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::vector<duckdb::string> names;
  bound.bind_data = bound.function.bind(context, input, types, names);
  for (size_t i = 0; i < names.size(); ++i) bound.columns.push_back({names[i], types[i]});
  // Fills in what VirtualColumns returns.
  if (bound.function.get_virtual_columns) {
    bound.function.get_virtual_columns(context, bound.bind_data.get());
  }
  bound.function.get_virtual_columns = VirtualColumns;
  bound.function.serialize = RefusePlanCopy;
  return bound;
}

PinnedTypes PinTypes(const FileTable& table, const BoundFiles& bound) {
  PinnedTypes pinned;
  const auto& data = bound.bind_data->Cast<duckdb::MultiFileBindData>();
  for (const auto& folder : data.reader_bind.hive_partitioning_indexes) {
    const auto& column = bound.columns[folder.index];
    pinned.folders.emplace(folder.value, column.type);
  }
  if (table.format != FileFormat::kCsv) return pinned;
  for (const auto& column : bound.columns) {
    if (!pinned.folders.contains(column.name)) pinned.csv.emplace(column.name, column.type);
  }
  return pinned;
}

bool GuessesTimes(const FileTable& table, const BoundFiles& bound) {
  if (table.format != FileFormat::kCsv) return false;
  const auto& data = bound.bind_data->Cast<duckdb::MultiFileBindData>();
  for (const auto& reader : data.union_readers) {
    if (GuessesTimes(reader->Cast<duckdb::CSVUnionData>().options)) return true;
  }
  return GuessesTimes(data.bind_data->Cast<duckdb::ReadCSVData>().options);
}

}  // namespace sumac::engine
