// The copies of datasets that one database holds: DuckDB's memory, or a file. Each copy is a table;
// what the others know of it (rows, age, of what it is a copy) is written with it, in the same
// transaction when it is changed, so that a file never says what is not so.
//
// A new version of a copy is made aside and served once it is published. Until then, and for ever
// if the process dies before, the version before it is the copy of the dataset.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/table_source.h"

namespace sumac::engine {

// What is known of a copy beside its rows.
struct CopyFacts {
  std::string dataset_name;
  // Of what it is a copy, in the caller's words: a copy with another identity is of no use.
  std::string identity;
  // When reading it began: it shows the dataset as it was then, or newer.
  WallTime read_at;
  uint64_t rows = 0;
  // The caller's own, kept as it is.
  std::string note;
};

// The table of a copy, which only its store looks into.
struct CopyTable;

// One version of the copy of a dataset. Its table lives as long as somebody holds the source, or as
// it is the published one of a file.
struct Copy {
  CopyFacts facts;
  std::shared_ptr<TableSource> source;
  std::shared_ptr<const CopyTable> table;
  // One line per column with values that did not fit.
  std::vector<std::string> warnings;
};

// Which of several rows with the same key stays.
enum class KeyConflict {
  kFail,    // none: the copy fails
  kDrop,    // the one that was there first
  kUpsert,  // the newest
};

struct CopyKey {
  std::vector<std::string> columns;
  KeyConflict on_conflict = KeyConflict::kFail;
  // Rows with a greater value are newer; empty: those that were read later.
  std::string time_column;
  // The times are texts of ISO 8601.
  bool time_is_text = false;
};

struct CopyIndex {
  std::vector<std::string> columns;
  bool unique = false;
};

struct CopyRequest {
  // Of the new copy; `rows` is counted.
  CopyFacts facts;
  // Keeps what the virtual columns of the source hold, so that the copy has them too. Without
  // effect when there is a query: its rows need not be those of the source.
  bool keep_item = false;
  // A query on the dataset, by its own name, whose result is copied; empty: all of it.
  std::string query;
  // SQL conditions on the columns of that; each row fulfils all of them.
  std::vector<std::string> conditions;
  // Rows that fulfil it are left out in the end; empty: none.
  std::string expired;
  std::vector<CopyKey> keys;
  std::vector<CopyIndex> indexes;
  // Called now and then while rows are copied.
  std::function<void()> between;
  // Polled, when not null.
  const std::atomic<bool>* cancelled = nullptr;
};

// Thread-safe; but one dataset's copy is changed by one caller at a time. Errors of all that write:
// kCancelled, those of scanning the source, kInvalidArgument (SQL that is wrong, a key or a unique
// index whose values are not), kResourceExhausted (no room on the disk or in memory), kInternal.
// After an error everything is as it was before.
class CopyStore {
 public:
  virtual ~CopyStore() = default;

  // Of the file; empty for memory.
  virtual const std::string& path() const = 0;

  // Makes a copy of `source` and does not publish it. Blocks.
  virtual Result<Copy> Create(std::shared_ptr<TableSource> source, const CopyRequest& request) = 0;

  // Makes `copy` the one that this dataset has, and lets go of the one before. The caller registers
  // its source. In a file, it is on the disk when this returns.
  virtual Status Publish(const Copy& copy) = 0;

  // Adds to the published `copy` what `source` has, as the request says. Rows whose key it has
  // replace those there or are left out, by `on_conflict`; without a key, those that it has already
  // among the rows that fulfil the conditions are left out. Done and published in one transaction.
  // Columns that only the source has are added. Error kUnsupported: a column has another type now,
  // or the copy cannot be changed because its file is damaged; it has to be made anew.
  virtual Result<Copy> Append(const Copy& copy, std::shared_ptr<TableSource> source,
                              const CopyRequest& request) = 0;

  // Takes the rows that fulfil `condition` out of the published `copy`, in one transaction. Returns
  // the copy as it is then, with its rows counted; the same one when there were none. `indexes` are
  // those that it was made with: when much of it has been deleted, its rows move to another table.
  virtual Result<Copy> Delete(const Copy& copy, const std::string& condition,
                              const std::vector<CopyIndex>& indexes) = 0;

  // The columns that a new copy would have, without reading `source` for them.
  virtual Result<std::vector<ResultColumn>> ColumnsOf(std::shared_ptr<TableSource> source,
                                                      const CopyRequest& request) = 0;

  // The value of an SQL expression over the rows of `copy`: "max(created_at)".
  virtual Result<duckdb::Value> Evaluate(const Copy& copy, const std::string& expression) = 0;

  // The published copy of a dataset that the file had when it was opened, once; nothing when it had
  // none.
  virtual std::optional<Copy> TakeStored(const std::string& dataset_name) = 0;

  // Bytes of a copy: of its blocks in the file, or roughly what it takes in memory.
  virtual uint64_t Bytes(const Copy& copy) = 0;

  // Gives back the room of copies that nobody uses any more. Not from within a query: the last user
  // of a copy may be one.
  virtual void DropUnused() = 0;
};

// Of a refresh query that CheckRefreshQuery lets pass: whether its rows are rows of the dataset,
// with some of its columns under their names. Error kInvalidArgument when they are not.
Status CheckSelectsRows(const std::string& sql, const std::string& dataset_name);

// The condition of `DELETE FROM dataset WHERE condition`. Errors kInvalidArgument: it is something
// else, or deletes from another table.
Result<std::string> DeleteCondition(const std::string& sql, const std::string& dataset_name);

// Whether `sql` is one query that reads the dataset and nothing else. Error kInvalidArgument: what
// is wrong.
Status CheckRefreshQuery(const std::string& sql, const std::string& dataset_name);

}  // namespace sumac::engine
