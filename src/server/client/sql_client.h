// Asks a running `sumac run` for the answer of a query, over POST /v1/sql.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret_string.h"
#include "net/curl_transport.h"

namespace sumac::server {

struct SqlQuestion {
  std::string sql;
  std::string media_type;  // of the answer
  std::optional<std::chrono::milliseconds> timeout;
};

// What the head of an answer says of it.
struct SqlAnswer {
  bool from_cache = false;
  std::optional<double> consumed_read_units;
  uint64_t warnings = 0;
};

// Not thread-safe.
class SqlClient {
 public:
  // As ServerClient::Create.
  static Result<SqlClient> Create(net::CurlTransportOptions options, const std::string& address,
                                  SecretString api_key = {});

  // Hands the answer's bytes on as they come; what `on_bytes` does may block, and the query waits.
  // `on_bytes` returns false when nobody wants more, and so ends the query: then the error is
  // kUnavailable. Closes the connection, which ends the query, when `*cancelled` becomes true.
  // Errors: as ServerClient, with the server's words; kUnavailable, too, when the query failed
  // after a part of its answer was sent.
  Result<SqlAnswer> Ask(const SqlQuestion& question,
                        const std::function<bool(std::string_view)>& on_bytes,
                        const std::atomic<bool>* cancelled);

 private:
  SqlClient(net::CurlTransportOptions options, std::string url, SecretString api_key)
      : options_(std::move(options)), url_(std::move(url)), api_key_(std::move(api_key)) {}

  net::CurlTransportOptions options_;
  std::string url_;
  SecretString api_key_;
};

}  // namespace sumac::server
