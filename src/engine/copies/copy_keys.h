// Keys and indexes of the tables that hold copies. Internal to engine/.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/copies/copy_connection.h"
#include "engine/copies/copy_store.h"

namespace sumac::engine {

// `table` and `added` are quoted names. Errors of all: kInvalidArgument when a column is not there,
// when two rows have what must be one row's, and when a part of a key is NULL.

// Leaves one row of each key in `table`, or fails, by `on_conflict`.
Status KeepOneRowPerKey(CopyConnection& connection, const std::string& table, const CopyKey& key);

// Their names begin with `prefix`, one that no other table of its schema has.
Status MakeIndexes(CopyConnection& connection, const std::string& table, const std::string& prefix,
                   const std::vector<CopyIndex>& indexes);

// Takes those rows out of `added` that are older than the one with their key in `table`. Not inside
// a transaction that changes `table`, which may be in another database.
Status LeaveOutOlderRows(CopyConnection& connection, const std::string& table,
                         const std::string& added, const CopyKey& key);

// Prepares `table` for the rows of `added`: takes out those that are replaced (kUpsert), or fails
// when there is one (kFail).
Status MakeRoomForKeys(CopyConnection& connection, const std::string& table,
                       const std::string& added, const CopyKey& key);

// True for rows of `added` whose key has no row in `table`.
std::string HasNoRowIn(const std::string& table, const std::string& added, const CopyKey& key);

}  // namespace sumac::engine
