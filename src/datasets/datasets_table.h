// What Sumac knows of its datasets as a table of SQL: spice.runtime.datasets.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "datasets/runtime.h"
#include "engine/database.h"

namespace sumac::datasets {

inline constexpr char kDatasetsTable[] = "runtime.datasets";

std::vector<engine::ResultColumn> DatasetsTableColumns();

// A row for each dataset, in their order; NULL is what a dataset has not.
std::vector<engine::TableRow> DatasetsTableRows(const std::vector<DatasetStatus>& datasets,
                                                WallTime now);

// Registers the table. `datasets` is asked whenever a query reads it, by any thread, until the last
// Session is gone.
void RegisterDatasetsTable(engine::Database& database,
                           std::function<std::vector<DatasetStatus>()> datasets,
                           std::shared_ptr<const Clock> clock);

}  // namespace sumac::datasets
