// One attribute value to one duckdb::Value of a column's type. Internal to slow_decoder/.
#pragma once

#include <duckdb.hpp>

#include "items/shape.h"
#include "slow_decoder/slow_attribute.h"

namespace sumac::slow_decoder {

// How much of a value a column holds.
struct Fit {
  bool fits = true;   // false: NULL stands for it or for a part of it, and it is counted
  bool whole = true;  // false: `_overflow` has it
};

// Writes into `fit` what does not fit, and leaves it else. What is no base64 for a BLOB goes to
// `inspector`.
duckdb::Value DecodeValue(const Attribute& attribute, const items::Shape& shape,
                          Inspector& inspector, Fit& fit);

// A VARCHAR (or JSON) that is JSON content: a text that no other value is.
duckdb::Value ContentValue(const std::string& content, const duckdb::LogicalType& type);
// The content, when `value` is such.
std::optional<std::string> ContentOf(const duckdb::Value& value);

}  // namespace sumac::slow_decoder
