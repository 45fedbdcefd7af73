#include "engine/scan/page_sources.h"

#include <mutex>
#include <utility>

#include "base/log.h"

namespace sumac::engine {
namespace {

using dynamodb::PageSource;
using planning::ReadPlan;

class NoPages final : public PageSource {
 public:
  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>&) override {
    return std::optional<dynamodb::Page>();
  }
  void Cancel() override {}
  dynamodb::ScanStatistics Statistics() const override { return {}; }
  dynamodb::ScanProgress Progress() const override { return {}; }
};

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

std::shared_ptr<PageSource> OpenQueries(const RemoteTable& table,
                                        const dynamodb::ScanRequest& request, const ReadPlan& plan,
                                        dynamodb::ParallelScanOptions options) {
  std::vector<dynamodb::ScanRequest> queries;
  for (const auto& key_condition : plan.key_conditions) {
    auto query = request;
    query.key_condition = std::make_shared<const dynamodb::Condition>(key_condition);
    query.filter = Shared(plan.filter);
    queries.push_back(std::move(query));
  }
  // How many items they find is not known.
  options.items_expected = 0;
  options.streams.most = std::min(options.streams.most, static_cast<int>(queries.size()));
  options.streams.start = std::min(options.streams.start, options.streams.most);
  return std::make_shared<dynamodb::ParallelScan>(table.client, std::move(queries),
                                                  std::move(options));
}

// Queries, and when the service refuses the first of them, a scan.
class QueriesOrScan final : public PageSource {
 public:
  QueriesOrScan(std::shared_ptr<PageSource> queries,
                std::function<std::shared_ptr<PageSource>()> open_scan)
      : queries_(std::move(queries)), open_scan_(std::move(open_scan)), now_(queries_) {}

  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>& interrupted) override {
    const auto source = Now();
    auto page = source->Next(interrupted);
    if (page) {
      if (page->has_value()) has_pages_ = true;
      return page;
    }
    const bool denied = page.error().code == ErrorCode::kPermissionDenied;
    if (!denied || source != queries_ || has_pages_) return page;
    {
      std::lock_guard lock(mutex_);
      if (now_ == queries_) now_ = open_scan_();
      if (cancelled_) now_->Cancel();
    }
    return Now()->Next(interrupted);
  }

  void Cancel() override {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    now_->Cancel();
  }
  dynamodb::ScanStatistics Statistics() const override { return Now()->Statistics(); }
  dynamodb::ScanProgress Progress() const override { return Now()->Progress(); }

 private:
  std::shared_ptr<PageSource> Now() const {
    std::lock_guard lock(mutex_);
    return now_;
  }

  const std::shared_ptr<PageSource> queries_;
  const std::function<std::shared_ptr<PageSource>()> open_scan_;
  std::atomic<bool> has_pages_ = false;
  mutable std::mutex mutex_;
  std::shared_ptr<PageSource> now_;  // guarded
  bool cancelled_ = false;           // guarded
};

}  // namespace

std::shared_ptr<PageSource> OpenPages(const std::shared_ptr<const RemoteTable>& table,
                                      const dynamodb::ScanRequest& request, const ReadPlan& plan,
                                      const std::optional<QueryDeadline>& deadline) {
  if (table->stored_pages) return table->stored_pages;
  auto options = table->scan;
  if (deadline) options.deadline = deadline->at;
  switch (plan.access_path) {
    case ReadPlan::AccessPath::kNothing:
      return std::make_shared<NoPages>();
    case ReadPlan::AccessPath::kScan:
      return OpenScan(*table, request, plan.filter, std::move(options));
    case ReadPlan::AccessPath::kQuery:
      break;
  }
  auto open_scan = [table, request, plan, options]() -> std::shared_ptr<PageSource> {
    table->query_denied->store(true);
    LogWarningOnce("dataset '" + table->dataset_name +
                   "': there is no permission to Query, so items are found by scanning; allow "
                   "dynamodb:Query to read fewer");
    return OpenScan(*table, request, plan.scan_filter, options);
  };
  return std::make_shared<QueriesOrScan>(OpenQueries(*table, request, plan, std::move(options)),
                                         std::move(open_scan));
}

}  // namespace sumac::engine
