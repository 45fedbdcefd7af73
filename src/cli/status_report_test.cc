#include "cli/status_report.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

const std::vector<server::ListedComponent> kComponents = {
    {"http", "127.0.0.1:8090", "Ready"}, {"metrics", "N/A", "Disabled"}, {"a\"b,c\x1b", "é", ""}};

TEST(StatusReport, AlignsText) {
  EXPECT_EQ(StatusReport(kComponents, true, StatusFormat::kText),
            "NAME       ENDPOINT        STATUS\n"
            "http       127.0.0.1:8090  Ready\n"
            "metrics    N/A             Disabled\n"
            "a\"b,c\\x1b  é               -\n"
            "datasets   N/A             Ready\n");
}

TEST(StatusReport, IsDataForScripts) {
  EXPECT_EQ(StatusReport(kComponents, false, StatusFormat::kCsv),
            "name,endpoint,status\n"
            "http,127.0.0.1:8090,Ready\n"
            "metrics,N/A,Disabled\n"
            "\"a\"\"b,c\\x1b\",é,\n"
            "datasets,N/A,NotReady\n");
  EXPECT_EQ(StatusReport({kComponents[0]}, false, StatusFormat::kJson),
            R"([{"name":"http","endpoint":"127.0.0.1:8090","status":"Ready"},)"
            R"({"name":"datasets","endpoint":"N/A","status":"NotReady"}])"
            "\n");
}

}  // namespace
}  // namespace sumac::cli
