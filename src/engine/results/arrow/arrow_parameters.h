// The values of a query's parameters, as a client sends them: one row of an Arrow record batch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <duckdb.hpp>

#include "base/result.h"

namespace sumac::engine {

struct ArrowParameters {
  std::vector<std::string> names;
  // As many; empty when no row came.
  duckdb::vector<duckdb::Value> values;
};

// Reads the messages of one stream in the order in which they come: a schema, dictionaries,
// batches. Any bytes may be given. Not thread-safe.
class ArrowParameterReader {
 public:
  ArrowParameterReader();
  ~ArrowParameterReader();

  // One message; `header` has no framing. Errors: kInvalidArgument (no such message, or not now),
  // kUnsupported (a type without counterpart, more than one row, compression), kResourceExhausted
  // (more values than a query's parameters can sensibly have).
  Status Read(std::string_view header, std::string_view body);

  bool has_schema() const;
  ArrowParameters Take();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace sumac::engine
