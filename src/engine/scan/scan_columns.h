// From the columns that a query reads to what is decoded and what is asked for. Internal to
// engine/.
#pragma once

#include <vector>

#include <duckdb.hpp>

#include "dynamodb/client.h"
#include "engine/remote_table.h"
#include "items/page_decoder.h"

namespace sumac::engine {

// What the scan's output column `index` is; of a struct only the fields that the query reads.
items::OutputColumn OutputColumnOf(const duckdb::ColumnIndex& index,
                                   const items::ItemSchema& schema);

std::vector<items::OutputColumn> OutputColumnsOf(const duckdb::vector<duckdb::ColumnIndex>& indexes,
                                                 const items::ItemSchema& schema);

// Whether `columns` show items whole, beside their columns.
bool ShowsWholeItems(const std::vector<items::OutputColumn>& columns);

// Asks for counts when no column is read, else for the attributes of the columns, of nested maps
// for the fields that are read; for whole items when a column is made of them, and when all columns
// are read anyway, because then new attributes are noticed for no more capacity.
dynamodb::ScanRequest MakeScanRequest(const RemoteTable& table,
                                      const std::vector<items::OutputColumn>& columns);

}  // namespace sumac::engine
