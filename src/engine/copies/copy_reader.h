// What is copied: the rows of a source that a request asks for, as one query. Internal to engine/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/catalog/spice_catalog.h"
#include "engine/copies/copy_connection.h"
#include "engine/copies/copy_store.h"
#include "engine/scan/copied_scan.h"

namespace sumac::engine {

// Makes a source known to Sumac's own statements while it is copied. Not thread-safe.
class CopyReader {
 public:
  // `loading` is the schema kLoadingSchema and outlives this. Error kInvalidArgument: the request's
  // query is wrong.
  static Result<std::unique_ptr<CopyReader>> Create(SpiceSchema& loading,
                                                    std::shared_ptr<TableSource> source,
                                                    const CopyRequest& request);
  ~CopyReader();
  CopyReader(const CopyReader&) = delete;
  CopyReader& operator=(const CopyReader&) = delete;

  // SELECT of all rows that are wanted; behind the dataset's columns stand its virtual ones, when
  // the copy keeps them.
  const std::string& query() const { return query_; }
  // Remembers what did not fit. Call when `connection` has run the query, before it runs another.
  void NoteLosses(CopyConnection& connection);
  // What a copy with `columns`, those of the query's result, has beside them; null when the source
  // has no virtual columns. Takes the last two away from `columns` when they are those.
  std::shared_ptr<CopiedVirtualColumns> VirtualColumns(std::vector<ResultColumn>& columns) const;
  // One line per column with values that did not fit.
  std::vector<std::string> Warnings() const { return WarningLines(dataset_name_, losses_); }

 private:
  CopyReader(SpiceSchema& loading, std::string name, std::string dataset_name, bool keep_item)
      : loading_(loading),
        name_(std::move(name)),
        dataset_name_(std::move(dataset_name)),
        keep_item_(keep_item) {}

  SpiceSchema& loading_;
  const std::string name_;
  const std::string dataset_name_;
  const bool keep_item_;
  std::string query_;
  // Of the source; empty when it has none.
  std::string item_name_;
  std::string overflow_name_;
  DatasetLosses losses_;
};

}  // namespace sumac::engine
