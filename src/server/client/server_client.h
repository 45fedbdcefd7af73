// The other end of the HTTP interface: asks a running `sumac run` about its datasets.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "datasets/schema_change.h"
#include "net/transport.h"

namespace sumac::server {

struct ListedDataset {
  std::string name;
  std::string from;
  std::string state;          // "Ready"
  std::string error_message;  // empty without an error
};

struct RefreshedSchema {
  std::string message;
  datasets::SchemaChange change;
};

// Not thread-safe. The calls block and poll `cancelled`. Their errors: kUnavailable (nothing
// listens there, the server says 503), kCancelled, kDeadlineExceeded, kNotFound (no such dataset),
// kDataCorrupt (what answers is no Sumac), kInternal (another failure, in the server's words).
class ServerClient {
 public:
  // `address` is "127.0.0.1:8090" or "http://127.0.0.1:8090". Error kInvalidArgument: it is not.
  static Result<ServerClient> Create(std::shared_ptr<net::Transport> transport,
                                     const std::string& address);

  Result<std::vector<ListedDataset>> Datasets(const std::atomic<bool>* cancelled);
  Result<RefreshedSchema> RefreshSchema(const std::string& dataset,
                                        const std::atomic<bool>* cancelled);

 private:
  ServerClient(std::shared_ptr<net::Transport> transport, std::string url)
      : transport_(std::move(transport)), url_(std::move(url)) {}

  // The body of a 200.
  Result<std::string> Ask(const std::string& method, const std::string& path, int timeout_ms,
                          const std::atomic<bool>* cancelled);
  tl::unexpected<Error> NotSumac() const;

  std::shared_ptr<net::Transport> transport_;
  std::string url_;  // without a slash at its end
};

}  // namespace sumac::server
