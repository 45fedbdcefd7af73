// The columns of an Arrow schema that a client sent. Internal to engine/results/arrow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <duckdb.hpp>

#include "arrow_format_generated.h"
#include "base/result.h"

namespace sumac::engine {

struct ArrowField {
  std::string name;
  arrow_format::Type kind = arrow_format::Type_NONE;
  // Of the values, also where a dictionary holds them.
  duckdb::LogicalType type;
  int bits = 0;            // of integers, and of what is stored as such
  bool is_signed = true;   // of integers
  int16_t unit = 0;        // of times, and the precision of floats, as the format numbers them
  bool large = false;      // offsets have 64 bits
  int32_t fixed_size = 0;  // bytes of a fixed-size binary, items of a fixed-size list
  std::vector<ArrowField> children;
  // Set when the column holds integers that point into the dictionary of this number.
  std::optional<int64_t> dictionary;
  int index_bits = 0;
  bool index_signed = true;
};

// Error kInvalidArgument: no column; kUnsupported: its type has no counterpart. Messages name it.
Result<ArrowField> ReadArrowField(const arrow_format::Field* field);

}  // namespace sumac::engine
