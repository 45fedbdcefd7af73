#include "datasets/configuration_check.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace sumac::datasets {
namespace {

constexpr char kPod[] = R"(version: v1
kind: Spicepod
name: test
datasets:
  - from: dynamodb:users
    name: users
    params: {dynamodb_aws_region: us-west-2}
  - from: dynamodb:orders
    name: sales.orders
    params: {scan_segments: many}
  - from: mongodb:a
    name: a
  - from: dynamodb:b
    name: b
    params: {dynamodb_aws_secret_access_key: "${env:NO_SUCH_KEY}"}
  - from: dynamodb:c
    name: c
    acceleration: {enabled: true, engine: postgres}
views:
  - name: good
    sql: SELECT u.name FROM users AS u JOIN Public.Users USING (id) WHERE EXISTS (FROM tail)
  - name: tail
    sql: WITH w AS (SELECT 1) SELECT * FROM w, runtime.datasets, information_schema.tables
  - name: of_metrics
    sql: SELECT name FROM runtime.metrics
  - name: of_queries
    sql: SELECT input FROM runtime.task_history
  - name: unknown
    sql: SELECT * FROM users, userz
  - name: wrong
    sql: SELEC 1
  - name: over_wrong
    sql: SELECT * FROM sales.orders
  - name: itself
    sql: SELECT * FROM itself
)";

TEST(ConfigurationCheck, SaysWhatIsRightAndWhatIsWrong) {
  const auto loaded = spicepod::ParseSpicepod(kPod, "pod.yaml");
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  const auto checked = CheckConfiguration(loaded->pod, {}, {"runtime.task_history"});
  ASSERT_TRUE(checked.has_value()) << checked.error().message;
  const struct {
    const char* name;
    const char* fault;  // a part of the message; empty when there is none
  } expected[] = {
      {"users", ""},
      {"sales.orders", "dataset 'sales.orders': parameter 'scan_segments'"},
      {"a", "dataset 'a': connector 'mongodb' is not built in"},
      {"b", "dataset 'b': parameter 'dynamodb_aws_secret_access_key'"},
      {"c", "dataset 'c': "},
      {"good", ""},
      {"tail", ""},
      {"of_metrics", ""},
      {"of_queries", ""},
      {"unknown", "there is no dataset or view 'userz'; did you mean 'users'?"},
      {"wrong", "view 'wrong': syntax error"},
      {"over_wrong", "view 'over_wrong': it uses 'sales.orders', which is wrong"},
      {"itself", "view 'itself'"},
  };
  ASSERT_EQ(checked->size(), std::size(expected));
  for (size_t i = 0; i < checked->size(); ++i) {
    const auto& component = (*checked)[i];
    EXPECT_EQ(component.name, expected[i].name);
    EXPECT_EQ(component.status.has_value(), *expected[i].fault == '\0') << component.name;
    if (component.status) continue;
    EXPECT_NE(component.status.error().message.find(expected[i].fault), std::string::npos)
        << component.status.error().message;
  }
  auto uses = (*checked)[5].uses;
  std::sort(uses.begin(), uses.end());
  EXPECT_EQ(uses, (std::vector<std::string>{"public.tail", "public.users"}));
}

}  // namespace
}  // namespace sumac::datasets
