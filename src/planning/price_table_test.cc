#include "planning/price_table.h"

#include <gtest/gtest.h>

namespace sumac::planning {
namespace {

using dynamodb::TableClass;
using Kind = ReadPrice::Kind;

dynamodb::TableDescription Table(bool on_demand, uint64_t provisioned_read_units,
                                 TableClass table_class = TableClass::kStandard) {
  dynamodb::TableDescription table;
  table.on_demand = on_demand;
  table.throughput.provisioned_read_units = provisioned_read_units;
  table.table_class = table_class;
  return table;
}

TEST(PriceTable, KnowsWhatAReadUnitCosts) {
  const auto on_demand = Table(true, 0);
  const auto rare = Table(true, 0, TableClass::kStandardInfrequentAccess);
  const struct {
    const char* what;
    dynamodb::TableDescription table;
    const char* region;
    std::optional<double> given;
    Kind kind;
    double dollars_per_million;
  } cases[] = {
      {"on demand", on_demand, "us-east-1", {}, Kind::kPerUnit, 0.125},
      {"another region", on_demand, "eu-west-1", {}, Kind::kPerUnit, 0.1415},
      {"infrequent access", rare, "us-east-1", {}, Kind::kPerUnit, 0.155},
      {"infrequent access without a source", rare, "us-west-2", {}, Kind::kUnknown, 0},
      {"a region without a source", on_demand, "mars-north-1", {}, Kind::kUnknown, 0},
      {"no region", on_demand, "", {}, Kind::kUnknown, 0},
      {"provisioned", Table(false, 5), "us-east-1", {}, Kind::kIncluded, 0},
      {"neither on demand nor provisioned", Table(false, 0), "us-east-1", {}, Kind::kUnknown, 0},
      {"a price that is given", on_demand, "us-east-1", 0.5, Kind::kPerUnit, 0.5},
      {"one for a region without", on_demand, "mars-north-1", 0.5, Kind::kPerUnit, 0.5},
      {"one for provisioned capacity", Table(false, 5), "us-east-1", 0.04, Kind::kPerUnit, 0.04},
      {"free", on_demand, "us-east-1", 0.0, Kind::kPerUnit, 0},
  };
  for (const auto& test : cases) {
    const auto price = ReadPriceOf(test.table, test.region, test.given);
    EXPECT_EQ(price.kind, test.kind) << test.what;
    EXPECT_EQ(price.dollars_per_million, test.dollars_per_million) << test.what;
    EXPECT_EQ(price.is_given, test.given.has_value()) << test.what;
  }
}

TEST(PriceTable, DollarsFollowFromUnits) {
  // A GiB of eventually consistent reads.
  const ReadPrice per_unit{Kind::kPerUnit, 0.125, false};
  EXPECT_NEAR(*DollarsFor(per_unit, 131'072), 0.016384, 1e-12);
  EXPECT_EQ(DollarsFor({Kind::kIncluded, 0, false}, 1e9), 0.0);
  EXPECT_EQ(DollarsFor({}, 1), std::nullopt);
}

}  // namespace
}  // namespace sumac::planning
