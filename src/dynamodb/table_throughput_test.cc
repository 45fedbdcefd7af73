#include "dynamodb/table_throughput.h"

#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

struct Case {
  const char* what;
  TableThroughput throughput;
  uint64_t size_bytes;
  std::optional<double> read_units;
  std::optional<int> partitions;
};

TEST(TableThroughputTest, ReadsWhatTheDescriptionSays) {
  const Case cases[] = {
      {"an emulator", {}, 0, std::nullopt, std::nullopt},
      {"an emulator that knows the size", {}, 25'000'000'000, std::nullopt, 3},
      {"provisioned", {.provisioned_read_units = 5, .provisioned_write_units = 5}, 1'000, 5, 1},
      {"provisioned and warmer",
       {.provisioned_read_units = 5, .warm_read_units = 12'000, .warm_write_units = 4'000},
       0,
       5,
       4},
      {"new on demand", {.warm_read_units = 12'000, .warm_write_units = 4'000}, 0, 12'000, 4},
      {"on demand with a maximum",
       {.on_demand_read_units = 900, .warm_read_units = 12'000},
       0,
       900,
       4},
      {"many writes", {.warm_read_units = 3'000, .warm_write_units = 64'000}, 0, 3'000, 64},
      {"large", {.warm_read_units = 12'000}, 1'000'000'000'001, 12'000, 101},
      {"absurd", {.warm_read_units = UINT64_MAX}, 0, 18446744073709551615.0, 100'000},
  };
  for (const auto& test : cases) {
    TableDescription table;
    table.throughput = test.throughput;
    table.size_bytes = test.size_bytes;
    EXPECT_EQ(ReadUnitsPerSecond(table), test.read_units) << test.what;
    EXPECT_EQ(EstimatedPartitions(table), test.partitions) << test.what;
  }
}

}  // namespace
}  // namespace sumac::dynamodb
