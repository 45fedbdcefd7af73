// The copies in one database that is attached to the engine. Internal to engine/.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"
#include "engine/catalog/spice_catalog.h"
#include "engine/copies/copy_connection.h"
#include "engine/copies/copy_manifest.h"
#include "engine/copies/copy_names.h"
#include "engine/copies/copy_reader.h"
#include "engine/copies/copy_store.h"
#include "engine/copies/copy_table.h"
#include "engine/copies/stored_indexes.h"

namespace sumac::engine {

class AttachedCopies final : public CopyStore {
 public:
  // The catalog and its schema are there; `database` and `loading`, the schema kLoadingSchema,
  // outlive it. With a path there is a manifest, too.
  AttachedCopies(duckdb::DuckDB& database, SpiceSchema& loading, CopyPlace place);

  // Takes over what a file has, and drops what no copy is. Call once, before anything else.
  Status ReadStored();

  const std::string& path() const override { return place_.path; }
  Result<Copy> Create(std::shared_ptr<TableSource> source, const CopyRequest& request) override;
  Status Publish(const Copy& copy) override;
  Result<Copy> Append(const Copy& copy, std::shared_ptr<TableSource> source,
                      const CopyRequest& request) override;
  Result<Copy> Delete(const Copy& copy, const std::string& condition,
                      const std::vector<CopyIndex>& indexes) override;
  Result<std::vector<ResultColumn>> ColumnsOf(std::shared_ptr<TableSource> source,
                                              const CopyRequest& request) override;
  Result<duckdb::Value> Evaluate(const Copy& copy, const std::string& expression) override;
  std::optional<Copy> TakeStored(const std::string& dataset_name) override;
  uint64_t Bytes(const Copy& copy) override;
  void DropUnused() override;

 private:
  std::unique_ptr<CopyConnection> Connect(const CopyRequest* request = nullptr);
  Result<uint64_t> CountRows(CopyConnection& connection, const std::string& table);
  // Fills the new table from what the request asks for.
  Result<Copy> Fill(CopyConnection& connection, CopyReader& reader,
                    std::shared_ptr<const std::string> name, const CopyRequest& request);
  // `copy` in a new table, with the columns that only `added` has, as NULL.
  Result<Copy> Move(CopyConnection& connection, const Copy& copy,
                    const std::vector<ResultColumn>& added, const std::vector<CopyIndex>& indexes);
  // Whether the rows are to move to a new table before they change: DuckDB gives the room of single
  // rows that were deleted back to nobody.
  bool HasMuchDeleted(CopyConnection& connection, const Copy& copy);
  // Puts the rows of `added`, a quoted name, into the table of `copy`, inside a transaction.
  Status Merge(CopyConnection& connection, const Copy& copy, const std::string& added,
               const CopyRequest& request);
  // Before rows of a copy that the file had are changed for the first time. Error kDataCorrupt.
  Status CheckIndexes(CopyConnection& connection, const Copy& copy);
  // Inside the transaction that changed it: writes what is known of it.
  Status WriteFacts(CopyConnection& connection, const Copy& copy);
  void SetPublished(const Copy& copy);
  // Puts in order what a commit that failed has left.
  Status CheckWritable();
  Status Commit(CopyConnection& connection);
  // Writes the log of a file to its blocks and gives back those of tables that are gone, when that
  // is safe and nobody reads.
  void Checkpoint(CopyConnection& connection);
  // For how long those who come may be kept waiting for those who read.
  std::chrono::milliseconds Patience() const;
  // After a checkpoint that failed: the engine may have lost rows that the file has.
  void CheckPicture();

  duckdb::DuckDB& database_;
  SpiceSchema& loading_;
  const CopyPlace place_;
  // Set once a checkpoint has failed: DuckDB's picture of the place may be wrong then. What is on
  // the disk is right. What is served goes on being served, unless CheckPicture finds rows missing.
  std::atomic<bool> failed_ = false;
  std::mutex commit_mutex_;
  // Set once a commit has failed: DuckDB takes the rows back, but not their texts, which the next
  // rows would then have in theirs. A checkpoint writes what there is anew.
  std::atomic<bool> unsettled_ = false;
  std::unique_ptr<CopyNames> names_;
  std::mutex mutex_;
  struct Published {
    std::shared_ptr<const CopyTable> table;
    uint64_t rows = 0;
  };
  // By lower-case name of the dataset; keeps their tables.
  std::map<std::string, Published> published_;  // guarded by mutex_
  // Tables in memory that a commit which failed has left texts in, which the next rows would then
  // have in theirs.
  std::set<std::string> soiled_;  // guarded by mutex_
  // Those that the file had and nobody has taken.
  std::map<std::string, Copy> stored_;  // guarded by mutex_
  // By the name of the table: those of copies that the file had and nobody has changed.
  std::map<std::string, StoredIndexes> stored_indexes_;  // guarded by mutex_
};

}  // namespace sumac::engine
