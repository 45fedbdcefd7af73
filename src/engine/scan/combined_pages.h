// Sources of pages that are made of others. Internal to engine/.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dynamodb/page_source.h"

namespace sumac::engine {

class NoPages final : public dynamodb::PageSource {
 public:
  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>&) override {
    return std::optional<dynamodb::Page>();
  }
  void Cancel() override {}
  dynamodb::ScanStatistics Statistics() const override { return {}; }
  dynamodb::ScanProgress Progress() const override { return {}; }
};

// Pages of a source that is opened when the first page is wanted, which may be never. Opening may
// throw; the next call of Next tries again.
class LatePages final : public dynamodb::PageSource {
 public:
  using Open = std::function<std::shared_ptr<dynamodb::PageSource>()>;

  explicit LatePages(Open open) : open_(std::move(open)) {}

  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>& interrupted) override;
  void Cancel() override;
  // Nothing until it is opened.
  dynamodb::ScanStatistics Statistics() const override;
  dynamodb::ScanProgress Progress() const override;

 private:
  std::shared_ptr<dynamodb::PageSource> Opened() const;

  const Open open_;
  // Held by who opens it; taken before mutex_. Opening may wait for whoever asks for Statistics.
  std::mutex opening_;
  mutable std::mutex mutex_;
  std::shared_ptr<dynamodb::PageSource> source_;  // guarded; null until it is opened
  bool cancelled_ = false;                        // guarded
};

// Whether the service says that there is no such index (any more).
bool IsMissingIndex(const Error& error);

// Pages of one source, and when the service refuses the first of them, because it is not allowed or
// the index is gone, of another.
class PagesOrElse final : public dynamodb::PageSource {
 public:
  using OpenOther = std::function<std::shared_ptr<dynamodb::PageSource>(const Error& refusal)>;

  PagesOrElse(std::shared_ptr<dynamodb::PageSource> first, OpenOther open_other);

  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>& interrupted) override;
  void Cancel() override;
  dynamodb::ScanStatistics Statistics() const override { return Now()->Statistics(); }
  dynamodb::ScanProgress Progress() const override { return Now()->Progress(); }

 private:
  std::shared_ptr<dynamodb::PageSource> Now() const;

  const std::shared_ptr<dynamodb::PageSource> first_;
  const OpenOther open_other_;
  std::atomic<bool> has_pages_ = false;
  mutable std::mutex mutex_;
  std::shared_ptr<dynamodb::PageSource> now_;  // guarded
  bool cancelled_ = false;                     // guarded
};

// Reads the keys of items to the end, then the items: by their keys, or, when there are more than
// `keys_max`, another way. The first caller of Next reads the keys; the others wait for it.
class KeyedPages final : public dynamodb::PageSource {
 public:
  using Open = std::function<std::shared_ptr<dynamodb::PageSource>()>;
  using OpenItems =
      std::function<std::shared_ptr<dynamodb::PageSource>(const std::vector<std::string>& keys)>;

  // The pages of `keys` hold items of key attributes alone, each key once.
  KeyedPages(std::shared_ptr<dynamodb::PageSource> keys, size_t keys_max, OpenItems open_items,
             Open open_other);

  Result<std::optional<dynamodb::Page>> Next(const std::function<bool()>& interrupted) override;
  void Cancel() override;
  // Of both steps together.
  dynamodb::ScanStatistics Statistics() const override;
  // Of the second step once it began.
  dynamodb::ScanProgress Progress() const override;

 private:
  Status ReadKeys(const std::function<bool()>& interrupted);

  const std::shared_ptr<dynamodb::PageSource> keys_;
  const size_t keys_max_;
  const OpenItems open_items_;
  const Open open_other_;
  std::timed_mutex reading_;  // held by who reads the keys; taken before mutex_
  mutable std::mutex mutex_;
  std::shared_ptr<dynamodb::PageSource> items_;  // guarded; null until the keys were read
  std::optional<Error> error_;                   // guarded; of reading the keys
  bool cancelled_ = false;                       // guarded
};

}  // namespace sumac::engine
