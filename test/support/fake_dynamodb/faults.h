// What shall go wrong, and when: a script that a test writes before or while requests come in.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

enum class FaultKind {
  kServiceError,     // answers with `error`
  kPlainText,        // answers with `error.status` and a body that is no JSON, as a proxy does
  kCutBeforeAnswer,  // resets the connection instead of answering
  kCutMidBody,       // sends the head and half of the body, then resets the connection
  kWrongChecksum,    // x-amz-crc32 does not match the body
  kGzip,         // Content-Encoding: gzip whether asked for or not; the checksum is of those bytes
  kFalseGzip,    // Content-Encoding: gzip over a body that is not compressed
  kSlowBytes,    // sends `chunk_bytes` at a time, with `between_chunks` before each
  kEmptyPage,    // a page without items that goes on (Scan and Query only)
  kNeverAnswer,  // waits for Faults::Release, then answers as if nothing had been
  kMalformedJson,    // half of the body, with right length and checksum
  kMemberOrder,      // the page's members in another order (Scan and Query only)
  kUnprocessedKeys,  // answers `keys_processed_max` keys, the others come back (BatchGetItem only)
};

struct Fault {
  FaultKind kind = FaultKind::kServiceError;
  ServiceError error;
  size_t chunk_bytes = 1;
  std::function<void()> between_chunks;
  int member_order = 1;
  size_t keys_processed_max = 1;

  // Throttles: `reason` as in ThrottlingReasons.
  static Fault Throttle(std::string reason = "TableReadProvisionedThroughputExceeded");
  static Fault InternalServerError();
  static Fault ServiceUnavailable();
  static Fault AccessDenied();
  static Fault ExpiredToken();
  static Fault UnrecognizedClient();
  static Fault Error(ServiceError error);
  static Fault PlainText(int status);
  static Fault CutBeforeAnswer() { return Of(FaultKind::kCutBeforeAnswer); }
  static Fault CutMidBody() { return Of(FaultKind::kCutMidBody); }
  static Fault WrongChecksum() { return Of(FaultKind::kWrongChecksum); }
  static Fault Gzip() { return Of(FaultKind::kGzip); }
  static Fault FalseGzip() { return Of(FaultKind::kFalseGzip); }
  static Fault SlowBytes(size_t chunk_bytes, std::function<void()> between_chunks = {});
  static Fault EmptyPage() { return Of(FaultKind::kEmptyPage); }
  static Fault NeverAnswer() { return Of(FaultKind::kNeverAnswer); }
  static Fault MalformedJson() { return Of(FaultKind::kMalformedJson); }
  // `order` is RenderPage's, 1 to 4.
  static Fault MemberOrder(int order);
  static Fault UnprocessedKeys(size_t processed_max = 1);

 private:
  static Fault Of(FaultKind kind);
};

// Thread-safe. A request meets at most one fault: the first rule in the order they were added that
// applies to it.
class Faults {
 public:
  // Every `operation` ("Scan"; "" means any) request from now on, `count` of them at most.
  void Next(std::string operation, Fault fault, int count = 1);
  // The `number`-th request of `operation` since the server started; the first has number 1.
  void Nth(std::string operation, int number, Fault fault);
  // Every request from now on that says it is from `access_key_id`, `count` of them at most.
  void NextFrom(std::string access_key_id, Fault fault, int count = 1);
  // Drops all rules.
  void Clear();

  // Lets every request that waits in kNeverAnswer go on.
  void Release();

  // Counts a request and returns the fault it meets. Called by the server.
  std::optional<Fault> Take(const std::string& operation, const std::string& access_key_id = "");
  // How often Release was called so far.
  int Releases() const;

 private:
  struct Rule {
    std::string operation;
    std::optional<int> number;
    int remaining = 1;
    Fault fault;
    std::string access_key_id;  // empty: from anybody
  };

  mutable std::mutex mutex_;
  std::vector<Rule> rules_;
  std::map<std::string, int> requests_;  // by operation; "" counts all
  int releases_ = 0;
};

}  // namespace sumac::fake_dynamodb
