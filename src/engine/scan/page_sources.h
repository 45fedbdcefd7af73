// Where the pages of one query's scan come from. Internal to engine/.
#pragma once

#include <memory>
#include <optional>

#include "dynamodb/page_source.h"
#include "engine/query_deadline.h"
#include "engine/remote_table.h"
#include "planning/read_plan.h"

namespace sumac::engine {

// `request` says what is wanted of the items. What the credentials do not allow is read by Query
// instead of by key, and by Scan instead of by Query, which the log says once for each table.
std::shared_ptr<dynamodb::PageSource> OpenPages(const std::shared_ptr<const RemoteTable>& table,
                                                const dynamodb::ScanRequest& request,
                                                const planning::ReadPlan& plan,
                                                const std::optional<QueryDeadline>& deadline);

}  // namespace sumac::engine
