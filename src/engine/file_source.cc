#include "engine/file_source.h"

#include <algorithm>

#include <duckdb/common/table_column.hpp>
#include <duckdb/storage/statistics/node_statistics.hpp>

#include "engine/query_state.h"
#include "engine/reader_message.h"

namespace sumac::engine {
namespace {

Error ReaderError(const std::exception& exception) {
  duckdb::ErrorData data(exception);
  if (data.Type() == duckdb::ExceptionType::INTERRUPT) return CancelledError();
  return UserError(ErrorCode::kInvalidArgument,
                   "the files cannot be read: " + ReadReaderMessage(data.RawMessage()).text);
}

auto Find(const std::vector<ResultColumn>& columns, const std::string& name) {
  return std::find_if(columns.begin(), columns.end(),
                      [&](const auto& column) { return column.name == name; });
}

// The first column that is there no more; empty when all are.
std::string Missing(const std::vector<ResultColumn>& before, const std::vector<ResultColumn>& now) {
  for (const auto& column : before) {
    if (Find(now, column.name) == now.end()) return "'" + column.name + "' is gone";
  }
  return "";
}

// What became of the columns since they were registered; empty when nothing did.
std::string Difference(const std::vector<ResultColumn>& before,
                       const std::vector<ResultColumn>& now) {
  for (const auto& column : now) {
    const auto old = Find(before, column.name);
    if (old == before.end()) return "'" + column.name + "' is new";
    if (old->type != column.type) {
      return "'" + column.name + "' was " + old->type.ToString() + " and is " +
             column.type.ToString();
    }
  }
  const auto missing = Missing(before, now);
  if (!missing.empty()) return missing;
  for (size_t i = 0; i < now.size(); ++i) {
    if (now[i].name != before[i].name) return "their order is another";
  }
  return "";
}

class FileSource final : public TableSource {
 public:
  FileSource(std::shared_ptr<const FileReaders> readers, FileTable table)
      : readers_(std::move(readers)), table_(std::move(table)) {}

  // The first look, after which nothing changes. Called inside a transaction.
  Status Learn(duckdb::ClientContext& context) {
    SUMAC_ASSIGN_OR_RETURN(const auto paths, ListFiles(table_.files));
    try {
      auto bound = BindFiles(context, *readers_, table_, paths, {});
      pinned_ = PinTypes(table_, bound);
      if (GuessesTimes(table_, bound)) {
        for (auto& [name, type] : pinned_.csv) {
          const auto id = type.id();
          const bool is_time =
              id == duckdb::LogicalTypeId::TIMESTAMP || id == duckdb::LogicalTypeId::TIMESTAMP_TZ;
          if (is_time) type = duckdb::LogicalType::VARCHAR;
        }
        bound = BindFiles(context, *readers_, table_, paths, pinned_);
      }
      columns_ = bound.columns;
      if (bound.function.cardinality) {
        const auto rows = bound.function.cardinality(context, bound.bind_data.get());
        if (rows && rows->has_estimated_cardinality) rows_ = rows->estimated_cardinality;
      }
    } catch (const std::exception& exception) {
      return Fail(ReaderError(exception));
    }
    if (columns_.empty()) return Fail(ErrorCode::kInvalidArgument, "the files have no columns");
    return {};
  }

  const std::vector<ResultColumn>& Columns() const override { return columns_; }

  duckdb::virtual_column_map_t VirtualColumns() const override {
    // Lets count(*) ask for no column at all.
    duckdb::virtual_column_map_t columns;
    columns.emplace(duckdb::COLUMN_IDENTIFIER_EMPTY,
                    duckdb::TableColumn("", duckdb::LogicalType::BOOLEAN));
    return columns;
  }

  duckdb::TableFunction ScanFunction(
      duckdb::ClientContext& context, duckdb::TableCatalogEntry&,
      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) const override {
    auto bound = Bind(context);
    if (!bound) {
      ThrowIntoDuckDb(
          context, std::move(bound).error().WithContext("dataset '" + table_.dataset_name + "'"));
    }
    bind_data = std::move(bound->bind_data);
    return bound->function;
  }

  uint64_t EstimatedRows() const override { return rows_; }

 private:
  // Anew for every query, so that files which have come since are read.
  Result<BoundFiles> Bind(duckdb::ClientContext& context) const {
    SUMAC_ASSIGN_OR_RETURN(const auto paths, ListFiles(table_.files));
    BoundFiles bound;
    try {
      bound = BindFiles(context, *readers_, table_, paths, pinned_);
    } catch (const std::exception& exception) {
      const auto error = ReaderError(exception);
      // A column whose type is known is not there.
      const bool is_gone = error.message.find("COLUMN_TYPES error") != std::string::npos;
      return Fail(is_gone ? Changed(MissingNow(context, paths)) : error);
    }
    const auto difference = Difference(columns_, bound.columns);
    if (!difference.empty()) return Fail(Changed(difference));
    if (GuessesTimes(table_, bound)) return Fail(Changed("a time is not in the format it was in"));
    return bound;
  }

  // Which column a reader that was told all their types does not find.
  std::string MissingNow(duckdb::ClientContext& context,
                         const std::vector<std::string>& paths) const {
    std::string missing;
    try {
      missing = Missing(columns_, BindFiles(context, *readers_, table_, paths, {}).columns);
    } catch (const std::exception&) {
      // The files are changing right now.
    }
    return missing.empty() ? "a column is gone" : missing;
  }

  Error Changed(const std::string& what) const {
    return UserError(ErrorCode::kInvalidArgument,
                     "the files have other columns than when they were loaded (" + what +
                         "); refresh its schema or restart");
  }

  const std::shared_ptr<const FileReaders> readers_;
  const FileTable table_;
  std::vector<ResultColumn> columns_;
  PinnedTypes pinned_;
  uint64_t rows_ = 0;
};

}  // namespace

Result<std::shared_ptr<TableSource>> MakeFileSource(duckdb::DuckDB& database,
                                                    std::shared_ptr<const FileReaders> readers,
                                                    FileTable table) {
  auto source = std::make_shared<FileSource>(std::move(readers), std::move(table));
  duckdb::Connection connection(database);
  Status status;
  try {
    connection.context->RunFunctionInTransaction(
        [&] { status = source->Learn(*connection.context); });
  } catch (const std::exception& exception) {
    return Fail(ReaderError(exception));
  }
  SUMAC_RETURN_IF_ERROR(status);
  return source;
}

}  // namespace sumac::engine
