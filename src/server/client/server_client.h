// The other end of the HTTP interface: asks a running `sumac run` about its datasets.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret_string.h"
#include "datasets/schema_change.h"
#include "net/transport.h"

namespace sumac::server {

// The copy of an accelerated dataset, as the server tells of it.
struct ListedCopy {
  uint64_t rows = 0;
  uint64_t bytes = 0;
  WallTime read_at;  // in milliseconds
  std::chrono::milliseconds age{0};

  // When the server said so, by its own clock.
  WallTime ListedAt() const { return read_at + age; }
};

struct ListedDataset {
  std::string name;
  std::string from;
  bool acceleration_enabled = false;
  std::string state;  // "Ready"
  std::optional<ListedCopy> copy;
  // When the last load or refresh ended.
  std::optional<WallTime> attempted_at;
  std::optional<WallTime> next_refresh;
  std::string error_message;  // empty without an error
};

// What a server has to listen with.
struct ListedComponent {
  std::string name;      // "http"
  std::string endpoint;  // "127.0.0.1:8090", "N/A"
  std::string status;    // "Ready", "Disabled"
};

// What one refresh of a copy does otherwise than the Spicepod says.
struct RefreshRequest {
  std::optional<std::string> refresh_sql;
  std::optional<std::string> refresh_mode;
};

struct RefreshedSchema {
  std::string message;
  datasets::SchemaChange change;
};

// Not thread-safe. The calls block and poll `cancelled`. Their errors: kUnavailable (nothing
// listens there, the server says 503), kCancelled, kDeadlineExceeded, kNotFound (no such dataset),
// kUnauthenticated and kPermissionDenied (the API key), kInvalidArgument (the server refuses what
// is asked for), kDataCorrupt (what answers is no Sumac), kInternal (another failure, in the
// server's words).
class ServerClient {
 public:
  // `address` is "127.0.0.1:8090" or "http://127.0.0.1:8090"; `api_key` is shown to the server
  // unless it is empty. Error kInvalidArgument: it is no address, no key.
  static Result<ServerClient> Create(std::shared_ptr<net::Transport> transport,
                                     const std::string& address, SecretString api_key = {});

  Result<std::vector<ListedDataset>> Datasets(const std::atomic<bool>* cancelled);
  Result<std::vector<ListedComponent>> Components(const std::atomic<bool>* cancelled);
  // Whether every dataset and every view can be queried.
  Result<bool> Ready(const std::atomic<bool>* cancelled);
  Result<RefreshedSchema> RefreshSchema(const std::string& dataset,
                                        const std::atomic<bool>* cancelled);
  // Has a dataset's copy refreshed, and does not wait for it. Returns what the server says.
  Result<std::string> RefreshCopy(const std::string& dataset, const RefreshRequest& refresh,
                                  const std::atomic<bool>* cancelled);

 private:
  ServerClient(std::shared_ptr<net::Transport> transport, std::string url, SecretString api_key)
      : transport_(std::move(transport)), url_(std::move(url)), api_key_(std::move(api_key)) {}

  // Whatever the status is.
  Result<net::HttpResponse> Send(const std::string& method, const std::string& path,
                                 std::string body, int timeout_ms,
                                 const std::atomic<bool>* cancelled);
  // The body of a 200 or a 201. `body` is JSON.
  Result<std::string> Ask(const std::string& method, const std::string& path, std::string body,
                          int timeout_ms, const std::atomic<bool>* cancelled);
  tl::unexpected<Error> NotSumac() const;

  std::shared_ptr<net::Transport> transport_;
  std::string url_;  // without a slash at its end
  SecretString api_key_;
};

}  // namespace sumac::server
