// Names of types as people write them in a Spicepod (`columns[].type`).
#pragma once

#include <string_view>

#include <duckdb.hpp>

#include "base/result.h"

namespace sumac::items {

inline constexpr size_t kTypeNameBytesMax = 10'000;

// Reads a type in one of two notations, without regard to case:
// - SQL as DuckDB has it, with DuckDB's aliases: VARCHAR, BIGINT, DECIMAL(p,s), JSON, T[],
//   STRUCT(a T, "b c" T), MAP(VARCHAR, T), ...
// - Arrow as DESCRIBE prints it: Utf8, Decimal128(38, 2), Timestamp(µs, "+00:00"), List(T),
//   Struct("a": T), Map("entries": ...). What stands in List(...) and the like may be either.
// One name means two types: `Int8`, exactly so written and not within an SQL type, is Arrow's
// (TINYINT), while INT8 and int8 are SQL's (BIGINT, of 8 bytes).
//
// The result has only these types: VARCHAR, JSON, BOOLEAN, BLOB, DATE, TIMESTAMP, TIMESTAMPTZ,
// DECIMAL, FLOAT, DOUBLE, HUGEINT, and integers of 8 to 64 bits with and without sign; lists,
// structs and maps of them, at most kNestingDepthMax within each other. Lengths (VARCHAR(10)) are
// read and not held, as by DuckDB.
//
// Errors, each one line that quotes the text and lists what works: kUnsupported for a type that
// exists but that attributes are not read as (ENUM, UNION, TIME, arrays of fixed size, maps with
// other keys than VARCHAR, ...), kInvalidArgument for everything else. Thread-safe.
Result<duckdb::LogicalType> ParseTypeName(std::string_view text);

}  // namespace sumac::items
