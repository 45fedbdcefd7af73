// What a query does with the rows of a scan, as far as that decides how much is read. Internal to
// engine/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/remote_table.h"
#include "engine/scan/first_rows.h"
#include "engine/scan/page_sources.h"
#include "engine/scan/pushed_filters.h"
#include "planning/read_plan.h"

namespace sumac::engine {

struct ScanUse {
  // It is likely to stop after so many rows. It may stop at any time and may go on, so this is only
  // about how much to read ahead.
  std::optional<uint64_t> rows_wanted;
  // It needs no others, if they come in their order; null when it needs all.
  std::shared_ptr<const FirstRows> first_rows;
  // It wants the number of rows that pass the filters, which nobody judges but DynamoDB.
  bool counts_filtered = false;

  friend bool operator==(const ScanUse&, const ScanUse&) = default;
};

// Behind which rows the scan may end; null: it may not. Those in an order only as long as the
// credentials allow `plan`: what is read instead comes in none.
std::shared_ptr<const FirstRows> EarlyEnd(const ScanUse& use, const planning::ReadPlan& plan,
                                          const RemoteTable& table);

RowGoals RowGoalsOf(const ScanUse& use, const planning::ReadPlan& plan,
                    const PushedFilters& filters, const RemoteTable& table);

}  // namespace sumac::engine
