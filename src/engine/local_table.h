// A copy of a dataset in an ordinary DuckDB table, as a source for the table of the catalog
// `spice`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/reader_gate.h"
#include "engine/scan/copied_scan.h"
#include "engine/table_source.h"

namespace sumac::engine {

// `catalog_name`.`schema_name`.`table_name` must exist, with these columns first, as long as the
// source is used. The source keeps `table_name` until then. `virtual_columns` is null for a copy of
// something that has none, `gate` for a table that nobody checkpoints.
std::shared_ptr<TableSource> MakeLocalTableSource(
    std::string catalog_name, std::string schema_name,
    std::shared_ptr<const std::string> table_name, std::vector<ResultColumn> columns, uint64_t rows,
    std::shared_ptr<const CopiedVirtualColumns> virtual_columns = nullptr,
    std::shared_ptr<ReaderGate> gate = nullptr);

}  // namespace sumac::engine
