#include "cli/datasets_report.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

using server::ListedCopy;
using server::ListedDataset;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr WallTime kNow{seconds(1'795'546'184)};

ListedDataset Listed(const std::string& name, const std::string& state, bool accelerated = false) {
  ListedDataset dataset;
  dataset.name = name;
  dataset.from = "dynamodb:" + name;
  dataset.state = state;
  dataset.acceleration_enabled = accelerated;
  return dataset;
}

TEST(DatasetsReport, IsShortWithoutAcceleration) {
  auto orders = Listed("orders", "Error");
  orders.error_message = "there is no\ntable";
  EXPECT_EQ(DatasetsReport({Listed("users", "Ready"), orders}, kNow),
            "name    from             state\n"
            "users   dynamodb:users   Ready\n"
            "orders  dynamodb:orders  Error  there is no\\ntable\n");
  EXPECT_EQ(DatasetsReport({}, kNow), "name  from  state\n");
}

TEST(DatasetsReport, ShowsCopies) {
  auto users = Listed("users", "Ready", true);
  users.copy = ListedCopy{12'480, 1'258'291, kNow - seconds(192), milliseconds(192'900)};
  users.next_refresh = kNow + seconds(49);
  auto orders = Listed("orders", "Ready", true);
  orders.copy = ListedCopy{7, 512, kNow - seconds(10), seconds(10)};
  orders.next_refresh = kNow - seconds(1);
  orders.error_message = "dataset 'orders': the table is away";
  // The server's clock counts, not that of who asks.
  EXPECT_EQ(DatasetsReport({users, orders, Listed("plain", "Ready")}, kNow + seconds(1'000)),
            "name    from             state    rows     size  age     next refresh\n"
            "users   dynamodb:users   Ready  12,480  1.2 MiB  3m 12s  in 48s\n"
            "orders  dynamodb:orders  Ready       7    512 B  10s     due\n"
            "  dataset 'orders': the table is away\n"
            "plain   dynamodb:plain   Ready       -        -  -       -\n");
}

TEST(DatasetsReport, LeavesOutWhatNoDatasetHas) {
  auto users = Listed("users", "Ready", true);
  users.copy = ListedCopy{1, 2'048, kNow, milliseconds(0)};
  EXPECT_EQ(DatasetsReport({users}, kNow),
            "name   from            state  rows     size  age\n"
            "users  dynamodb:users  Ready     1  2.0 KiB  0s\n");
  auto failed = Listed("users", "Error", true);
  failed.next_refresh = kNow + seconds(5);
  failed.error_message = "it is away";
  EXPECT_EQ(DatasetsReport({failed}, kNow),
            "name   from            state  next refresh\n"
            "users  dynamodb:users  Error  in 5s\n"
            "  it is away\n");
}

TEST(BinaryBytesText, HasAUnit) {
  const std::pair<uint64_t, const char*> cases[] = {{0, "0 B"},
                                                    {1'023, "1023 B"},
                                                    {1'024, "1.0 KiB"},
                                                    {1'258'291, "1.2 MiB"},
                                                    {100 * 1'024, "100 KiB"},
                                                    {(1 << 20) - 1, "1.0 MiB"},
                                                    {uint64_t{5} << 40, "5.0 TiB"}};
  for (const auto& [bytes, text] : cases) EXPECT_EQ(BinaryBytesText(bytes), text) << bytes;
}

}  // namespace
}  // namespace sumac::cli
