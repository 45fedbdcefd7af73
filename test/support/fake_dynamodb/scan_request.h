// The parameters of a Scan, read and validated as the service does, with its words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fake_dynamodb/service_error.h"
#include "fake_dynamodb/stored_item.h"

namespace sumac::fake_dynamodb {

enum class CapacityDetail { kNone, kTotal, kIndexes };

struct ScanParameters {
  std::string table_name;
  std::vector<AttributePath> projection;  // empty means all
  bool count_only = false;
  bool consistent_read = false;
  std::optional<uint32_t> limit;
  uint32_t segment = 0;
  uint32_t total_segments = 1;
  std::string exclusive_start_key;  // JSON text; empty when absent
  CapacityDetail capacity = CapacityDetail::kNone;
};

// A parameter that the fake does not know (FilterExpression, IndexName, ...) is refused loudly, so
// that no test passes because it was ignored.
Answer<ScanParameters> ParseScan(std::string_view body);

// The TableName of any request.
Answer<std::string> ParseTableName(std::string_view body);

struct ListParameters {
  uint32_t limit = 100;
  std::string exclusive_start_table_name;
};

Answer<ListParameters> ParseListTables(std::string_view body);

}  // namespace sumac::fake_dynamodb
