#include "cli/spicepod_edit.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

const std::string kHead = "version: v1\nkind: Spicepod\nname: app\n";
const AddedDataset kUsers = {"dynamodb:users", "users", {}, false};

std::string Add(const std::string& text, const AddedDataset& dataset = kUsers) {
  auto changed = AddDataset(text, "pod.yaml", ".", dataset);
  return changed ? *changed : "error: " + changed.error().message;
}

TEST(SpicepodEdit, AddsTheFirstDataset) {
  const std::string added = "datasets:\n  - from: dynamodb:users\n    name: users\n";
  EXPECT_EQ(Add(kHead), kHead + "\n" + added);
  EXPECT_EQ(Add(kHead + "# datasets:\n#   - from: a\n\n"),
            kHead + "# datasets:\n#   - from: a\n\n" + added);
  EXPECT_EQ(Add(kHead + "datasets:\nviews: []\n"), kHead + added + "views: []\n");
  EXPECT_EQ(Add(kHead + "datasets: [] # none\nviews: []\n"),
            kHead + "datasets: # none\n  - from: dynamodb:users\n    name: users\nviews: []\n");
}

TEST(SpicepodEdit, KeepsCommentsAndStyle) {
  const std::string before = "# top\n" + kHead +
                             "datasets: # mine\n"
                             "- from: dynamodb:a # the first\n"
                             "  name: a\n"
                             "  params:\n"
                             "    dynamodb_aws_region: us-west-2\n"
                             "  # the end of a\n"
                             "\n";
  const std::string after =
      "# what people see\n"
      "views:\n"
      "  - name: v\n"
      "    sql: SELECT 1\n";
  const std::string added =
      "- from: dynamodb:users\n"
      "  name: \"my users\"\n"
      "  params:\n"
      "    endpoint_url: http://127.0.0.1:8000\n"
      "    dynamodb_aws_access_key_id: \"${env:KEY}\"\n"
      "    a: \"\"\n"
      "  acceleration:\n"
      "    enabled: true\n";
  const AddedDataset dataset = {"dynamodb:users",
                                "my users",
                                {{"endpoint_url", "http://127.0.0.1:8000"},
                                 {"dynamodb_aws_access_key_id", "${env:KEY}"},
                                 {"a", ""}},
                                true};
  const std::string start = before.substr(0, before.size() - 1);
  EXPECT_EQ(Add(before + after, dataset), start + added + "\n" + after);
  EXPECT_EQ(Add(kHead + "datasets:\r\n  - from: dynamodb:a\r\n    name: a"),
            "version: v1\r\nkind: Spicepod\r\nname: app\r\n"
            "datasets:\r\n  - from: dynamodb:a\r\n    name: a\r\n"
            "  - from: dynamodb:users\r\n    name: users\r\n");
}

TEST(SpicepodEdit, ALineOfSqlIsNoComment) {
  const std::string text = kHead +
                           "datasets:\n  - from: dynamodb:a\n    name: a\n    description: |\n"
                           "      one\n      # two\n\n      - three\n";
  EXPECT_EQ(Add(text), text + "  - from: dynamodb:users\n    name: users\n");
}

TEST(SpicepodEdit, Refuses) {
  const std::string text =
      kHead +
      "datasets:\n  - from: dynamodb:a\n    name: Users\nviews:\n  - name: v\n    sql: SELECT 1\n";
  EXPECT_EQ(Add(text),
            "error: pod.yaml:5:5 has a dataset 'users' already; choose another name with --name");
  EXPECT_EQ(Add(text, {"dynamodb:v", "v", {}, false}),
            "error: pod.yaml:8:5 has a view 'v' already; choose another name with --name");
  const std::string flow = Add(kHead + "datasets: [{from: 'dynamodb:a', name: a}]\n");
  EXPECT_TRUE(flow.starts_with("error: pod.yaml writes its datasets in a way")) << flow;
  EXPECT_NE(flow.find("\n  - from: dynamodb:users\n"), std::string::npos) << flow;
  EXPECT_TRUE(Add("{version: v1, kind: Spicepod, name: app}\n").starts_with("error: ")) << "root";
  EXPECT_TRUE(Add("a: [").starts_with("error: pod.yaml:1:"));
}

}  // namespace
}  // namespace sumac::cli
