// A table whose rows are made when a query asks for them, for what the process knows of itself.
// Internal to engine/.
#pragma once

#include <memory>
#include <vector>

#include "engine/database.h"
#include "engine/table_source.h"

namespace sumac::engine {

// Each scan calls `rows` once, when it begins, and has those rows to its end: a query that names
// the table twice may see two states of it. REQUIRES: as for Database::RegisterRowTable.
std::shared_ptr<TableSource> MakeRowTableSource(std::vector<ResultColumn> columns,
                                                RowsCallback rows);

}  // namespace sumac::engine
