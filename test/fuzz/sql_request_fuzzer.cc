// Bodies of POST /v1/sql.
#include <cstddef>
#include <cstdint>
#include <string>

#include "server/http/sql_request.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  static_cast<void>(sumac::server::ParseSqlRequest("application/json", body).has_value());
  static_cast<void>(sumac::server::ParseSqlRequest("text/plain", body).has_value());
  static_cast<void>(sumac::server::ParseQueryTimeout(body).has_value());
  return 0;
}
