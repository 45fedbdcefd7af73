// A DynamoDB client without SQL: typed calls in, typed results or classified errors out. Each call
// is signed, sent, checked (x-amz-crc32), and retried with full-jitter back-off until it succeeds,
// fails for good or reaches its deadline. Credentials that the service does not take are renewed
// once, and a clock that it contradicts is corrected once, before that counts as a failure.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/credentials/credentials_cache.h"
#include "aws/signing_clock.h"
#include "base/clock.h"
#include "base/result.h"
#include "dynamodb/attribute_path.h"
#include "dynamodb/compression_policy.h"
#include "dynamodb/condition.h"
#include "dynamodb/table_description.h"
#include "net/retry_policy.h"
#include "net/transport.h"

namespace sumac::dynamodb {

struct ClientOptions {
  // Scheme, host and port, without a path: "https://dynamodb.us-west-2.amazonaws.com".
  std::string endpoint_url;
  std::string region;
  net::RetryPolicy retry;
  // Bound on one call with all its retries.
  int call_timeout_ms = 60'000;
  // Bound on one attempt.
  int attempt_timeout_ms = 30'000;
  // Whether Scans ask for compressed pages.
  Compression compression = Compression::kAuto;
  // Seeds the jitter; 0 takes a seed from the system.
  uint64_t random_seed = 0;
};

// One Scan request, or a Query, or items by their keys. Attribute names are exact; placeholders are
// made from them here.
struct ScanRequest {
  std::string table_name;
  // The primary keys of the items to get, as {"id":{"S":"x"}}, each once and at most
  // kBatchGetKeysMax: makes it a GetItem, or a BatchGetItem of more than one. Of all else only
  // `projection` and `consistent_read` count then.
  std::shared_ptr<const std::vector<std::string>> keys;
  // What the key has to be: makes it a Query, which has no segments. The partition key's attribute
  // equals a value; at most one condition more is of the sort key.
  std::shared_ptr<const Condition> key_condition;
  // Of the secondary index that a Query reads; empty for the table itself.
  std::string index_name;
  // Of a local index that does not hold all that is wanted: asks for whole items, which the service
  // then reads from the table. Emulators do not add single attributes.
  bool fetches_items = false;
  // What the service leaves out of its answer, which is billed all the same. Its text has at most
  // kExpressionBytesMax bytes.
  std::shared_ptr<const Condition> filter;
  // What to return; empty means whole items. No path is another's beginning, nor the same.
  std::vector<AttributePath> projection;
  // Asks for Select=COUNT: pages carry counts and no items. `projection` must be empty then.
  bool count_only = false;
  bool consistent_read = false;
  // Of a Query: from the last item to the first.
  bool descending = false;
  // Items to evaluate per page at most; absent means up to the service's 1 MB.
  std::optional<int> page_limit_items;
  // Half-open: segment < total_segments.
  int segment = 0;
  int total_segments = 1;
  // The `last_evaluated_key` of the page before; empty at the start.
  std::string exclusive_start_key;
  // Whether a failure that may pass is met with another attempt at once; otherwise it comes back as
  // it is, marked retryable, for a caller that has its own mind about when.
  bool retry = true;
};

// What one request brought, decoded no further than its envelope.
struct Page {
  // The response body, decompressed; of items that were got by key, the page that a Scan would have
  // brought. The items stand in it under "Items". Its memory goes back to the transport when the
  // page is destroyed.
  net::BodyBuffer body;
  // Length of the body as it came, perhaps compressed.
  size_t bytes_on_wire = 0;
  // Where the array of the items stands in `body`: its '[', and after its ']'; both 0 when there is
  // none. Who reads the items must check that the array ends there: in a body that is not
  // well-formed it may not, and then what stands after it was not read right.
  size_t items_begin = 0;
  size_t items_end = 0;
  uint64_t count = 0;
  uint64_t scanned_count = 0;
  // JSON text of LastEvaluatedKey, or of the keys that a BatchGetItem did not come to; empty on the
  // last page. The only sign of the end: a page may be empty and go on.
  std::string last_evaluated_key;
  double consumed_read_units = 0;
  int segment = 0;
  // How many pages of its segment came before it; known to scans of several pages only.
  uint64_t page_of_segment = 0;
};

// Thread-safe. The transport, credentials and clock must outlive the client and all its calls.
class Client {
 public:
  Client(std::shared_ptr<net::Transport> transport,
         std::shared_ptr<aws::CredentialsCache> credentials,
         std::shared_ptr<aws::SigningClock> clock, ClientOptions options);
  ~Client();

  // One call under way. Destroying it cancels: the callback then does not run after the destructor
  // returns unless it is running already on the transport's thread.
  class Call {
   public:
    virtual ~Call() = default;
    // Stops the call; its callback gets kCancelled if it has not run yet.
    virtual void Cancel() = 0;
  };

  // Requests one page. `callback` runs once on the transport's thread. Errors: those of
  // ClassifyServiceError, kDeadlineExceeded, kCancelled, kDataCorrupt (not a page).
  std::shared_ptr<Call> Scan(const ScanRequest& request,
                             std::function<void(Result<Page>)> callback);

  // The blocking forms: for start-up, never on the transport's thread. They poll `cancelled`, when
  // given, about every 20 ms and return kCancelled once it is true.
  Result<Page> ScanAndWait(const ScanRequest& request,
                           const std::atomic<bool>* cancelled = nullptr);
  // Error kNotFound when there is no such table.
  Result<TableDescription> DescribeTable(const std::string& table_name,
                                         const std::atomic<bool>* cancelled = nullptr);
  // Returns the names of all tables, following LastEvaluatedTableName; stops after `limit` names.
  Result<std::vector<std::string>> ListTables(size_t limit,
                                              const std::atomic<bool>* cancelled = nullptr);

  const ClientOptions& options() const;
  // What its calls run on.
  const std::shared_ptr<net::Transport>& transport() const;
  std::shared_ptr<const Clock> clock() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace sumac::dynamodb
