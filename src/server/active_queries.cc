#include "server/active_queries.h"

#include <algorithm>

#include "base/printable_text.h"
#include "server/random_id.h"

namespace sumac::server {
namespace {

constexpr size_t kPreviewBytesMax = 1000;

std::string PreviewOf(std::string_view sql) {
  std::string preview(Beginning(kPreviewBytesMax, sql));
  if (preview.size() < sql.size()) preview += "...";
  return preview;
}

}  // namespace

std::unique_ptr<ActiveQueries::Entry> ActiveQueries::Add(std::string protocol, std::string_view sql,
                                                         std::function<void()> cancel) {
  ActiveQuery query{RandomId(), std::move(protocol), PreviewOf(sql), clock_.WallNow()};
  auto entry = std::make_unique<Entry>(*this, query.id);
  std::lock_guard lock(mutex_);
  std::string id = query.id;
  queries_.emplace(std::move(id), Known{++last_number_, std::move(query), std::move(cancel)});
  return entry;
}

std::vector<ActiveQuery> ActiveQueries::List() const {
  std::vector<const Known*> known;
  std::lock_guard lock(mutex_);
  for (const auto& [id, query] : queries_) known.push_back(&query);
  std::sort(known.begin(), known.end(),
            [](const Known* one, const Known* other) { return one->number < other->number; });
  std::vector<ActiveQuery> queries;
  for (const Known* one : known) queries.push_back(one->query);
  return queries;
}

bool ActiveQueries::Cancel(const std::string& id) {
  // An entry waits for this to end before it is gone, so what `cancel` uses is there.
  std::lock_guard lock(mutex_);
  const auto found = queries_.find(id);
  if (found == queries_.end()) return false;
  found->second.cancel();
  return true;
}

void ActiveQueries::Remove(const std::string& id) {
  std::lock_guard lock(mutex_);
  queries_.erase(id);
}

}  // namespace sumac::server
