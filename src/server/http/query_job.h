// One query of one request, from SQL to the bytes of its answer.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "engine/results/result_writer.h"
#include "server/active_queries.h"
#include "server/http/backend.h"
#include "server/http/cached_query.h"
#include "server/http/job.h"
#include "server/http/response_channel.h"
#include "server/http/sql_request.h"
#include "server/observation/query_history.h"
#include "server/query_limits.h"

namespace sumac::server {

struct QueryJobLimits {
  // An answer up to this size is sent whole, with its length; a longer one in pieces of this size.
  size_t piece_bytes = 1 << 20;
  // A table is laid out as a whole, so it cannot be streamed.
  uint64_t table_rows_max = 100000;
  QueryLimits query;
};

class QueryJob final : public Job {
 public:
  // The request's timeout counts from now. `cache` may be null. `running` is told how it goes.
  QueryJob(Backend& backend, const Clock& clock, SqlRequest request, engine::ResultFormat format,
           QueryJobLimits limits, std::shared_ptr<ResponseChannel> channel,
           std::shared_ptr<ResultsCache> cache, std::unique_ptr<RunningQuery> running);

  // Lists the query among those that run, until it has ended.
  void ListAmong(ActiveQueries& queries, std::string protocol);

  // From the cache, when the answer is there and no longer than a piece.
  bool AnswerNow() override;
  void Run() override;
  // An interrupt that comes before the engine has begun is lost.
  void Cancel() override;
  void Refuse(HttpReply reply) override;

 private:
  class Interruptible;

  // Errors are those that can still be told to the client: nothing was sent yet.
  Status Answer(engine::Session& session);
  // Sends the answer that was found in the cache, a piece at a time.
  void SendHit();
  Status WriteRows(engine::ResultStream& rows, engine::ResultWriter& writer);
  // Sends what the sink holds, as a part of the body.
  Status SendPieces(std::string& sink);
  Status CheckTable(const engine::ResultWriter& writer) const;
  Status SendEnd(const engine::Session& session, const engine::ResultStream& rows,
                 std::string sink);
  engine::ResultWriterOptions WriterOptions(const engine::Session& session, std::string& sink);

  Backend& backend_;
  const Clock& clock_;
  SqlRequest request_;
  engine::ResultFormat format_;
  QueryJobLimits limits_;
  CachedQuery cached_;
  std::shared_ptr<ResponseChannel> channel_;
  const std::unique_ptr<RunningQuery> running_;
  std::optional<engine::QueryDeadline> deadline_;
  bool started_ = false;  // bytes of the body are on their way
  uint64_t rows_ = 0;     // of the answer so far

  std::atomic<bool> cancelled_{false};
  std::atomic<bool> cancelled_on_request_{false};
  std::mutex session_mutex_;
  engine::Session* session_ = nullptr;  // while the query may be interrupted
  // Calls Cancel, so it goes before all that Cancel uses.
  std::unique_ptr<ActiveQueries::Entry> entry_;
};

}  // namespace sumac::server
