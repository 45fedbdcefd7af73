// What Sumac says of itself to clients of Flight SQL.
#pragma once

#include <vector>

#include "engine/results/arrow/info_values.h"
#include "flight_sql.pb.h"

namespace sumac::server {

// The values that are asked for, in the order of their numbers; all when none is named. Numbers
// that Sumac says nothing of are left out.
std::vector<engine::InfoValue> SqlInfosOf(
    const arrow::flight::protocol::sql::CommandGetSqlInfo& command);

}  // namespace sumac::server
