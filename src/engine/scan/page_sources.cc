#include "engine/scan/page_sources.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "dynamodb/expression_limits.h"
#include "engine/scan/combined_pages.h"

namespace sumac::engine {
namespace {

using dynamodb::PageSource;
using planning::ReadPlan;

std::shared_ptr<const dynamodb::Condition> Shared(const std::optional<dynamodb::Condition>& one) {
  return one ? std::make_shared<const dynamodb::Condition>(*one) : nullptr;
}

std::shared_ptr<PageSource> OpenScan(const RemoteTable& table, dynamodb::ScanRequest request,
                                     const std::optional<dynamodb::Condition>& filter,
                                     dynamodb::ParallelScanOptions options) {
  request.filter = Shared(filter);
  return std::make_shared<dynamodb::ParallelScan>(table.client, std::move(request),
                                                  std::move(options));
}

std::shared_ptr<PageSource> OpenRequests(const RemoteTable& table,
                                         std::vector<dynamodb::ScanRequest> requests,
                                         dynamodb::ParallelScanOptions options) {
  // How many items they find is not known.
  options.items_expected = 0;
  options.streams.most = std::min(options.streams.most, static_cast<int>(requests.size()));
  options.streams.start = std::min(options.streams.start, options.streams.most);
  return std::make_shared<dynamodb::ParallelScan>(table.client, std::move(requests),
                                                  std::move(options));
}

std::shared_ptr<PageSource> OpenQueries(const RemoteTable& table,
                                        const dynamodb::ScanRequest& request, const ReadPlan& plan,
                                        dynamodb::ParallelScanOptions options) {
  std::vector<dynamodb::ScanRequest> queries;
  for (const auto& key_condition : plan.key_conditions) {
    auto query = request;
    query.key_condition = std::make_shared<const dynamodb::Condition>(key_condition);
    query.index_name = plan.index_name;
    query.fetches_items = plan.fetches_items;
    query.filter = Shared(plan.filter);
    queries.push_back(std::move(query));
  }
  return OpenRequests(table, std::move(queries), std::move(options));
}

std::shared_ptr<PageSource> OpenGets(const RemoteTable& table, const dynamodb::ScanRequest& request,
                                     const std::vector<std::string>& keys,
                                     dynamodb::ParallelScanOptions options) {
  std::vector<dynamodb::ScanRequest> gets;
  for (size_t i = 0; i < keys.size(); i += dynamodb::kBatchGetKeysMax) {
    const size_t end = std::min(keys.size(), i + dynamodb::kBatchGetKeysMax);
    auto get = request;
    get.keys =
        std::make_shared<const std::vector<std::string>>(keys.begin() + i, keys.begin() + end);
    gets.push_back(std::move(get));
  }
  return OpenRequests(table, std::move(gets), std::move(options));
}

// Remembers what was refused, and says what that costs.
void NoteDenial(const RemoteTable& table, const ReadPlan& refused, const Error& error) {
  auto& denials = *table.denials;
  if (IsMissingIndex(error)) {
    denials.index = true;
    LogWarningOnce("dataset '" + table.dataset_name + "': its index '" + refused.index_name +
                   "' is gone, so no index is read until Sumac starts again");
    return;
  }
  const char* what = "Query, so items are found by scanning; allow dynamodb:Query";
  if (refused.access_path == ReadPlan::AccessPath::kGetItems) {
    what =
        "get items by key, so they are found by Query or Scan; allow dynamodb:GetItem and "
        "dynamodb:BatchGetItem";
    denials.get = true;
  } else if (!refused.index_name.empty()) {
    what =
        "read by an index, so items are found by scanning; allow dynamodb:Query of the table's "
        "indexes, and dynamodb:BatchGetItem";
    denials.index = true;
  } else {
    denials.query = true;
  }
  LogWarningOnce("dataset '" + table.dataset_name + "': there is no permission to " + what +
                 " to read fewer");
}

std::shared_ptr<PageSource> OpenIndexed(const std::shared_ptr<const RemoteTable>& table,
                                        const dynamodb::ScanRequest& request, const ReadPlan& plan,
                                        dynamodb::ParallelScanOptions options) {
  // All keys come before the first item.
  options.row_goal.reset();
  auto for_keys = request;
  for_keys.projection.clear();
  for (const auto& key : table->description.keys) for_keys.projection.push_back({key.name});
  for_keys.consistent_read = false;
  // However many there are, what may not be scanned whole is not.
  const size_t keys_max = table->budget.allow_full_scan ? plan.completed_keys_max : SIZE_MAX;
  return std::make_shared<KeyedPages>(
      OpenQueries(*table, for_keys, plan, options), keys_max,
      [table, request,
       options](const std::vector<std::string>& keys) -> std::shared_ptr<PageSource> {
        if (keys.empty()) return std::make_shared<NoPages>();
        return OpenGets(*table, request, keys, options);
      },
      [table, request, plan, options] {
        return OpenScan(*table, request, plan.scan_filter, options);
      });
}

std::shared_ptr<PageSource> Open(const std::shared_ptr<const RemoteTable>& table,
                                 const dynamodb::ScanRequest& request, const ReadPlan& plan,
                                 const dynamodb::ParallelScanOptions& options,
                                 const std::optional<dynamodb::RowGoalOptions>& stand_in_goal) {
  if (plan.access_path == ReadPlan::AccessPath::kNothing) return std::make_shared<NoPages>();
  if (plan.access_path == ReadPlan::AccessPath::kScan) {
    return OpenScan(*table, request, plan.filter, options);
  }
  const bool by_key = plan.access_path == ReadPlan::AccessPath::kGetItems;
  auto other_options = options;
  other_options.row_goal = stand_in_goal;
  auto open_other = [table, request, plan, other_options, by_key](const Error& refusal) {
    NoteDenial(*table, plan, refusal);
    const planning::Denied denied{by_key, !by_key, !by_key};
    return Open(table, request, planning::WithoutDenied(plan, denied), other_options,
                other_options.row_goal);
  };
  std::shared_ptr<PageSource> first;
  if (by_key) {
    first = OpenGets(*table, request, plan.keys, options);
  } else if (plan.completed_by_key) {
    first = OpenIndexed(table, request, plan, options);
  } else {
    first = OpenQueries(*table, request, plan, options);
  }
  // What may not be scanned whole is not scanned instead.
  const auto without = planning::WithoutDenied(plan, {by_key, !by_key, !by_key});
  if (without.access_path == ReadPlan::AccessPath::kScan && !table->budget.allow_full_scan) {
    return first;
  }
  return std::make_shared<PagesOrElse>(std::move(first), std::move(open_other));
}

}  // namespace

std::shared_ptr<PageSource> OpenPages(const std::shared_ptr<const RemoteTable>& table,
                                      const dynamodb::ScanRequest& request, const ReadPlan& plan,
                                      const PageTerms& terms) {
  if (table->stored_pages) return table->stored_pages;
  auto options = table->scan;
  if (terms.deadline) options.deadline = terms.deadline->at;
  options.budget = terms.budget;
  options.on_page = terms.on_page;
  options.row_goal = terms.goals.planned;
  return Open(table, request, plan, options, terms.goals.stand_in);
}

}  // namespace sumac::engine
