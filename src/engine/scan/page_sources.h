// Where the pages of one query's scan come from. Internal to engine/.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "dynamodb/page_source.h"
#include "dynamodb/read_budget.h"
#include "engine/query_deadline.h"
#include "engine/remote_table.h"
#include "planning/read_plan.h"

namespace sumac::engine {

// How many rows the query is likely to take; nothing: all.
struct RowGoals {
  std::optional<dynamodb::RowGoalOptions> planned;
  // Of what is read instead of what the credentials do not allow.
  std::optional<dynamodb::RowGoalOptions> stand_in;
};

// What a scan is held to, and who sees what it reads.
struct PageTerms {
  std::optional<QueryDeadline> deadline;
  std::shared_ptr<dynamodb::ReadBudget> budget;  // null without one
  // As ParallelScanOptions::on_page.
  std::function<void(const dynamodb::ScanRequest&, const dynamodb::Page&)> on_page;
  RowGoals goals;
};

// `request` says what is wanted of the items. What the credentials do not allow is read by Query
// instead of by key, and by Scan instead of by Query, which the log says once for each table.
std::shared_ptr<dynamodb::PageSource> OpenPages(const std::shared_ptr<const RemoteTable>& table,
                                                const dynamodb::ScanRequest& request,
                                                const planning::ReadPlan& plan,
                                                const PageTerms& terms);

}  // namespace sumac::engine
