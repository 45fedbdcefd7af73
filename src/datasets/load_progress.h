// Says how far the loading of a table is, while it goes on.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "dynamodb/page_source.h"

namespace sumac::datasets {

// "Loading dataset users: 34%, 1,234,567 items, 345 MB, 12,345 RCU, 45.1k items/s, 1m 20s left".
std::string LoadProgressText(const std::string& dataset_name,
                             const dynamodb::ScanProgress& progress);

// The pages of another source. Whoever takes them makes it speak about every ten seconds, also
// while there are none to take.
class SpeakingPages final : public dynamodb::PageSource {
 public:
  // `pages` outlives it; `say` receives the lines, on the threads that call Next, one at a time.
  SpeakingPages(dynamodb::PageSource& pages, std::string dataset_name,
                std::shared_ptr<const Clock> clock, std::function<void(const std::string&)> say);

  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>& interrupted) override;
  void Cancel() override { pages_.Cancel(); }
  dynamodb::ScanStatistics Statistics() const override { return pages_.Statistics(); }
  dynamodb::ScanProgress Progress() const override { return pages_.Progress(); }

 private:
  void SpeakWhenDue();

  dynamodb::PageSource& pages_;
  const std::string dataset_name_;
  const std::shared_ptr<const Clock> clock_;
  const std::function<void(const std::string&)> say_;
  std::mutex mutex_;
  MonotonicTime next_;  // guarded
};

}  // namespace sumac::datasets
