#include "server/http/accept.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

using engine::ResultFormat;

TEST(NegotiateFormat, TakesTheFirstKnownType) {
  const std::pair<const char*, ResultFormat> cases[] = {
      {"", ResultFormat::kJson},
      {"*/*", ResultFormat::kJson},
      {"application/json", ResultFormat::kJson},
      {"text/csv", ResultFormat::kCsv},
      {"Text/CSV; charset=utf-8", ResultFormat::kCsv},
      {"text/plain", ResultFormat::kTable},
      {"application/vnd.spiceai.sql.v1+json", ResultFormat::kSqlV1Json},
      {"application/vnd.apache.arrow.stream", ResultFormat::kArrowStream},
      {"application/x-ndjson", ResultFormat::kJsonLines},
      {"text/html, application/xml;q=0.9, text/csv;q=0.1, application/json", ResultFormat::kCsv},
      {"application/json;q=0.1,text/csv;q=0.9", ResultFormat::kJson},
      {"image/png", ResultFormat::kJson},
      {",,;;text/csv", ResultFormat::kJson},
      {" , text/csv ,", ResultFormat::kCsv},
  };
  for (const auto& [accept, format] : cases) EXPECT_EQ(NegotiateFormat(accept), format) << accept;
}

TEST(ContentTypeOf, IsWhatTheClientAskedFor) {
  for (const char* type : {"application/json", "text/csv", "text/plain", "application/x-ndjson",
                           "application/vnd.spiceai.sql.v1+json"}) {
    EXPECT_EQ(std::string(ContentTypeOf(NegotiateFormat(type))).find(type), 0u) << type;
  }
}

}  // namespace
}  // namespace sumac::server
