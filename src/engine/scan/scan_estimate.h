// What a scan of a query is going to cost. Internal to engine/.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/remote_table.h"
#include "planning/read_estimate.h"

namespace sumac::engine {

// What is known of the table for an estimate; `rows_wanted` as in planning::ReadConditions.
planning::ReadConditions ReadConditionsOf(const RemoteTable& table,
                                          const std::optional<uint64_t>& rows_wanted);

// Nothing is read of a table whose pages are stored.
planning::ReadEstimate EstimateScanOf(const RemoteTable& table, const planning::ReadPlan& plan,
                                      const std::optional<uint64_t>& rows_wanted);

}  // namespace sumac::engine
