#include "engine/copies/stored_indexes.h"

#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/duck_table_entry.hpp>
#include <duckdb/execution/index/unbound_index.hpp>
#include <duckdb/main/attached_database.hpp>
#include <duckdb/main/database_manager.hpp>
#include <duckdb/storage/block_manager.hpp>
#include <duckdb/storage/buffer_manager.hpp>
#include <duckdb/storage/data_table.hpp>
#include <duckdb/storage/index_storage_info.hpp>
#include <duckdb/storage/storage_manager.hpp>
#include <duckdb/storage/table/data_table_info.hpp>

#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

bool CanReadBlocks(CopyConnection& connection, const std::string& catalog,
                   const std::set<duckdb::block_id_t>& blocks) {
  bool sound = true;
  auto& context = connection.context();
  context.RunFunctionInTransaction([&] {
    auto database = duckdb::DatabaseManager::Get(context).GetDatabase(context, catalog);
    if (!database) return;
    auto& storage = database->GetStorageManager().Cast<duckdb::SingleFileStorageManager>();
    auto& buffers = duckdb::BufferManager::GetBufferManager(*database);
    // What leaves this function would end the engine.
    try {
      for (const auto block : blocks) {
        auto handle = storage.block_manager->RegisterBlock(block);
        static_cast<void>(buffers.Pin(handle));
      }
    } catch (const std::exception&) {
      sound = false;
    }
  });
  return sound;
}

}  // namespace

StoredIndexes StoredIndexesOf(CopyConnection& connection, const CopyPlace& place,
                              const std::string& table) {
  StoredIndexes stored;
  auto& context = connection.context();
  context.RunFunctionInTransaction([&] {
    auto& entry = duckdb::Catalog::GetEntry<duckdb::TableCatalogEntry>(context, place.catalog,
                                                                       place.schema, table);
    std::set<duckdb::column_t> columns;
    auto& indexes = entry.GetStorage().GetDataTableInfo()->GetIndexes();
    indexes.Scan([&](duckdb::Index& index) {
      columns.insert(index.GetColumnIds().begin(), index.GetColumnIds().end());
      if (index.IsBound()) return false;
      const auto& info = index.Cast<duckdb::UnboundIndex>().GetStorageInfo();
      for (const auto& allocator : info.allocator_infos) {
        for (const auto& pointer : allocator.block_pointers) {
          if (pointer.IsValid()) stored.blocks.insert(pointer.block_id);
        }
      }
      return false;
    });
    for (const auto column : columns) {
      stored.columns.push_back(entry.GetColumn(duckdb::LogicalIndex(column)).Name());
    }
  });
  return stored;
}

Status CheckStoredIndexes(CopyConnection& connection, const CopyPlace& place,
                          const std::string& table, const StoredIndexes& indexes) {
  if (indexes.columns.empty()) return {};
  if (CanReadBlocks(connection, place.catalog, indexes.blocks)) {
    // Looks at each value, and keeps none.
    auto read = connection.Value("SELECT count(*) FROM " + place.TableName(table) + " WHERE hash(" +
                                 IdentifierList(indexes.columns) + ") = 0");
    if (read || read.error().code == ErrorCode::kCancelled) {
      return read ? Status() : Status(Fail(std::move(read).error()));
    }
  }
  return Fail(ErrorCode::kDataCorrupt,
              "an index of its copy in " + place.Description() + " is damaged");
}

}  // namespace sumac::engine
