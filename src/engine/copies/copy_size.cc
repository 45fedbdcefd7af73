#include "engine/copies/copy_size.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>
#include <duckdb/storage/data_table.hpp>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

// Rows that stand for all of a copy in memory.
constexpr uint64_t kRowsMeasured = 5000;

uint64_t BytesInFile(CopyConnection& connection, const CopyPlace& place, const CopyTable& table) {
  const auto blocks = connection.Value(
      "SELECT count(DISTINCT block) FROM (SELECT block_id AS block FROM pragma_storage_info(" +
      QuotedText(place.TableName(*table.name)) +
      ") WHERE block_id >= 0 UNION ALL SELECT unnest(additional_block_ids) FROM "
      "pragma_storage_info(" +
      QuotedText(place.TableName(*table.name)) + "))");
  const auto size =
      connection.Value("SELECT block_size FROM pragma_database_size() WHERE database_name = " +
                       QuotedText(place.catalog));
  if (!blocks || !size) return 0;
  return blocks->GetValue<uint64_t>() * size->GetValue<uint64_t>();
}

uint64_t BytesInMemory(CopyConnection& connection, const CopyPlace& place, const CopyTable& table) {
  const std::string name = place.TableName(*table.name);
  const auto columns = connection.Columns(name);
  if (!columns || columns->empty()) return 0;
  std::string sum;
  for (const auto& column : *columns) {
    const auto width = duckdb::GetTypeIdSize(column.type.InternalType());
    sum += (sum.empty() ? "" : " + ") + std::to_string(width);
    if (!duckdb::TypeIsConstantSize(column.type.InternalType())) {
      sum += " + coalesce(strlen(" + QuotedIdentifier(column.name) + "::VARCHAR), 0)";
    }
  }
  const auto bytes = connection.Value("SELECT coalesce(avg(bytes), 0) * (SELECT count(*) FROM " +
                                      name + ") FROM (SELECT " + sum + " AS bytes FROM " + name +
                                      " LIMIT " + std::to_string(kRowsMeasured) + ")");
  return bytes ? static_cast<uint64_t>(bytes->GetValue<double>()) : 0;
}

}  // namespace

uint64_t BytesOfCopy(CopyConnection& connection, const CopyPlace& place, const CopyTable& table) {
  return place.path.empty() ? BytesInMemory(connection, place, table)
                            : BytesInFile(connection, place, table);
}

uint64_t RowsHeld(CopyConnection& connection, const CopyPlace& place, const CopyTable& table) {
  uint64_t held = 0;
  auto& context = connection.context();
  context.RunFunctionInTransaction([&] {
    auto entry = duckdb::Catalog::GetEntry<duckdb::TableCatalogEntry>(
        context, place.catalog, place.schema, *table.name, duckdb::OnEntryNotFound::RETURN_NULL);
    if (entry) held = entry->GetStorage().GetTotalRows();
  });
  return held;
}

bool HasRoomToCheckpoint(const std::string& path) {
  constexpr uint64_t kRoomLeast = uint64_t{64} << 20;
  struct statvfs disk = {};
  if (statvfs(path.c_str(), &disk) != 0) return false;
  const uint64_t room = static_cast<uint64_t>(disk.f_bavail) * disk.f_frsize;
  std::error_code error;
  const auto log_bytes = std::filesystem::file_size(path + ".wal", error);
  const uint64_t needed = std::max(kRoomLeast, error ? 0 : 2 * static_cast<uint64_t>(log_bytes));
  const auto file_bytes = std::filesystem::file_size(path, error);
  rlimit largest = {};
  if (error || getrlimit(RLIMIT_FSIZE, &largest) != 0) return false;
  const bool may_grow =
      largest.rlim_cur == RLIM_INFINITY || file_bytes + needed <= uint64_t{largest.rlim_cur};
  return room >= needed && may_grow;
}

}  // namespace sumac::engine
