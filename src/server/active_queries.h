// The queries that clients have running, over all interfaces: who asks can list and cancel them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace sumac::server {

struct ActiveQuery {
  std::string id;  // a UUID
  // "http", "flight" or "flightsql"
  std::string protocol;
  // Its beginning, for people.
  std::string sql_preview;
  WallTime started_at;
};

// Thread-safe.
class ActiveQueries {
 public:
  // Ends the entry when it is destroyed, on any thread.
  class Entry {
   public:
    Entry(ActiveQueries& queries, std::string id) : queries_(queries), id_(std::move(id)) {}
    ~Entry() { queries_.Remove(id_); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    const std::string& id() const { return id_; }

   private:
    ActiveQueries& queries_;
    const std::string id_;
  };

  // `clock` outlives this.
  explicit ActiveQueries(const Clock& clock) : clock_(clock) {}

  // A query that has begun, or waits for its turn. `cancel` makes it end soon; it is called on any
  // thread, while the entry lives only, possibly more than once, and must not end the entry.
  std::unique_ptr<Entry> Add(std::string protocol, std::string_view sql,
                             std::function<void()> cancel);

  // In the order in which they began.
  std::vector<ActiveQuery> List() const;
  // False when there is no such query (any more).
  bool Cancel(const std::string& id);

 private:
  struct Known {
    uint64_t number;
    ActiveQuery query;
    std::function<void()> cancel;
  };
  void Remove(const std::string& id);

  const Clock& clock_;
  mutable std::mutex mutex_;
  uint64_t last_number_ = 0;
  std::map<std::string, Known> queries_;
};

}  // namespace sumac::server
