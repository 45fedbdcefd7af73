#include "server/observation/request_context.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

constexpr char kTrace[] = "0af7651916cd43dd8448eb211c80319c";
constexpr char kParent[] = "b7ad6b7169203331";

std::string Traceparent(const std::string& version, const std::string& trace,
                        const std::string& parent, const std::string& flags) {
  return version + "-" + trace + "-" + parent + "-" + flags;
}

TEST(RequestContextTest, TakesOverAWellFormedIdentifier) {
  EXPECT_EQ(MakeRequestContext("a-B.9_:/+=@", "").request_id, "a-B.9_:/+=@");
  for (const std::string& bad : {std::string(), std::string("two words"), std::string("a\"b"),
                                 std::string("\x1b[31m"), std::string(129, 'a')}) {
    const auto made = MakeRequestContext(bad, "");
    EXPECT_EQ(made.request_id.size(), 32U) << bad;
    EXPECT_NE(made.request_id, MakeRequestContext(bad, "").request_id);
  }
}

TEST(RequestContextTest, GoesOnWithAClientsTrace) {
  const auto context = MakeRequestContext("", Traceparent("00", kTrace, kParent, "01"));
  EXPECT_EQ(context.trace_id, kTrace);
  EXPECT_EQ(context.parent_span_id, kParent);
  EXPECT_EQ(context.Traceparent(), Traceparent("00", kTrace, context.span_id, "01"));
  EXPECT_NE(context.span_id, kParent);
  // A later version may say more.
  EXPECT_EQ(MakeRequestContext("", Traceparent("01", kTrace, kParent, "01-more")).trace_id, kTrace);
}

TEST(RequestContextTest, BeginsATraceWhereThereIsNone) {
  const std::string cases[] = {
      "",
      "x",
      Traceparent("00", std::string(32, '0'), kParent, "01"),
      Traceparent("00", kTrace, std::string(16, '0'), "01"),
      Traceparent("ff", kTrace, kParent, "01"),
      Traceparent("00", kTrace, kParent, "0"),
      Traceparent("00", kTrace, kParent, "01-more"),
      Traceparent("00", "0AF7651916CD43DD8448EB211C80319C", kParent, "01"),
      std::string(55, '-'),
  };
  for (const auto& traceparent : cases) {
    const auto context = MakeRequestContext("", traceparent);
    EXPECT_EQ(context.trace_id.size(), 32U);
    EXPECT_NE(context.trace_id, kTrace) << traceparent;
    EXPECT_EQ(context.parent_span_id, "");
    EXPECT_EQ(context.Traceparent(), "");
  }
}

}  // namespace
}  // namespace sumac::server
