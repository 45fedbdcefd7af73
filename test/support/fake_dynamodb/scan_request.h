// The parameters of a Scan, read and validated as the service does, with its words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fake_dynamodb/read_parameters.h"
#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

struct ScanParameters : PageParameters {
  uint32_t segment = 0;
  uint32_t total_segments = 1;
};

Answer<ScanParameters> ParseScan(std::string_view body);

// The TableName of any request.
Answer<std::string> ParseTableName(std::string_view body);

struct ListParameters {
  uint32_t limit = 100;
  std::string exclusive_start_table_name;
};

Answer<ListParameters> ParseListTables(std::string_view body);

}  // namespace sumac::fake_dynamodb
