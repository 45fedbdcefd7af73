#include "server/http/listing_reply.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

TEST(ListingReply, IsJsonUnlessCsvIsAskedFor) {
  const Listing listing{{"name", "count"}, {{"a \"b\",c", uint64_t{7}}, {"", uint64_t{0}}}};
  const auto json = ListingReply(listing, {});
  EXPECT_EQ(json.status, 200);
  EXPECT_EQ(json.content_type, kApplicationJson);
  EXPECT_EQ(json.body, R"([{"name":"a \"b\",c","count":7},{"name":"","count":0}])");
  EXPECT_EQ(ListingReply(listing, {{"format", "json"}}).body, json.body);
  const auto csv = ListingReply(listing, {{"format", "csv"}});
  EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(csv.body, "name,count\n\"a \"\"b\"\",c\",7\n\"\",0\n");
  const auto refused = ListingReply(listing, {{"format", "xml"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, "format is \"json\" or \"csv\", not \"xml\".");
}

TEST(ListingReply, SaysWhatListens) {
  Components components;
  EXPECT_EQ(ListingReply(ListComponents(components), {{"format", "csv"}}).body,
            "name,endpoint,status\nhttp,N/A,Disabled\nflight,N/A,Disabled\n"
            "metrics,N/A,Disabled\nopentelemetry,N/A,Disabled\n");
  components.SetListening(Interface::kSql, "127.0.0.1:8090");
  components.SetListening(Interface::kMetrics, "127.0.0.1:9090");
  EXPECT_EQ(ListingReply(ListComponents(components), {}).body,
            R"([{"name":"http","endpoint":"127.0.0.1:8090","status":"Ready"},)"
            R"({"name":"flight","endpoint":"N/A","status":"Disabled"},)"
            R"({"name":"metrics","endpoint":"127.0.0.1:9090","status":"Ready"},)"
            R"({"name":"opentelemetry","endpoint":"N/A","status":"Disabled"}])");
}

TEST(ListingReply, ListsTheSpicepodAndNoCatalogs) {
  EXPECT_EQ(ListingReply(ListSpicepods({"shop", "v1", 3}), {}).body,
            R"([{"name":"shop","version":"v1","datasets_count":3,"models_count":0,)"
            R"("dependencies_count":0}])");
  EXPECT_EQ(ListingReply(ListCatalogs(), {}).body, "[]");
  EXPECT_EQ(ListingReply(ListCatalogs(), {{"format", "csv"}}).body, "from,name\n");
}

}  // namespace
}  // namespace sumac::server
