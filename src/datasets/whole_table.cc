#include "datasets/whole_table.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "items/page_summary.h"

namespace sumac::datasets {
namespace {

constexpr int kWorkersMax = 16;

class Reading {
 public:
  Reading(dynamodb::PageSource& pages, const items::SchemaOptions& options,
          const std::function<Status(const dynamodb::Page&)>& on_page,
          const std::atomic<bool>* cancelled)
      : pages_(pages), options_(options), on_page_(on_page), cancelled_(cancelled) {}

  // What every worker does.
  void Work() {
    items::TypeSummary summary;
    auto status = ReadPages(summary);
    std::lock_guard lock(mutex_);
    if (status) {
      summary_.Join(summary);
      return;
    }
    // The others then end with kCancelled, which must not hide the reason.
    if (!error_) error_ = std::move(status).error();
    pages_.Cancel();
  }

  Result<items::TypeSummary> Finish() {
    if (error_) return Fail(*std::move(error_));
    return std::move(summary_);
  }

 private:
  Status ReadPages(items::TypeSummary& summary) {
    const auto interrupted = [this] { return cancelled_ != nullptr && cancelled_->load(); };
    while (true) {
      // A source with pages at hand does not ask.
      if (interrupted()) return Fail(CancelledError());
      SUMAC_ASSIGN_OR_RETURN(auto page, pages_.Next(interrupted));
      if (!page) return {};
      // A page without items shows nothing, whether the source gives it out or not.
      if (page->count > 0) {
        SUMAC_RETURN_IF_ERROR(items::SummarizePage(page->body, options_, summary));
      }
      if (on_page_) SUMAC_RETURN_IF_ERROR(on_page_(*page));
    }
  }

  dynamodb::PageSource& pages_;
  const items::SchemaOptions& options_;
  const std::function<Status(const dynamodb::Page&)>& on_page_;
  const std::atomic<bool>* const cancelled_;
  std::mutex mutex_;
  items::TypeSummary summary_;  // guarded
  std::optional<Error> error_;  // guarded
};

}  // namespace

Result<items::TypeSummary> SummarizeAll(dynamodb::PageSource& pages,
                                        const items::SchemaOptions& options, int workers,
                                        const std::function<Status(const dynamodb::Page&)>& on_page,
                                        const std::atomic<bool>* cancelled) {
  Reading reading(pages, options, on_page, cancelled);
  std::vector<std::thread> threads;
  for (int i = 1; i < workers; ++i) threads.emplace_back([&reading] { reading.Work(); });
  reading.Work();
  for (auto& thread : threads) thread.join();
  return reading.Finish();
}

int WorkersFor(int concurrency) {
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(std::min(concurrency, cores), 1, kWorkersMax);
}

}  // namespace sumac::datasets
