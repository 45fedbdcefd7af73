#include "server/http/error_reply.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

TEST(StatusOf, SaysWhoCanMendIt) {
  const std::pair<ErrorCode, int> cases[] = {
      {ErrorCode::kInvalidArgument, 400},  {ErrorCode::kNotFound, 400},
      {ErrorCode::kUnsupported, 400},      {ErrorCode::kUnauthenticated, 400},
      {ErrorCode::kPermissionDenied, 400}, {ErrorCode::kThrottled, 503},
      {ErrorCode::kUnavailable, 503},      {ErrorCode::kDeadlineExceeded, 504},
      {ErrorCode::kCancelled, 503},        {ErrorCode::kDataCorrupt, 500},
      {ErrorCode::kInternal, 500},
  };
  for (const auto& [code, status] : cases) {
    EXPECT_EQ(StatusOf(UserError(code, "x")), status) << ErrorCodeName(code);
  }
  Error exhausted = UserError(ErrorCode::kResourceExhausted, "x");
  exhausted.blame = Blame::kUser;
  EXPECT_EQ(StatusOf(exhausted), 400);
  exhausted.blame = Blame::kSumac;
  EXPECT_EQ(StatusOf(exhausted), 503);
  Error late = UserError(ErrorCode::kDeadlineExceeded, "x");
  late.blame = Blame::kNetwork;
  EXPECT_EQ(StatusOf(late), 503);
}

TEST(ErrorReply, IsTheMessageAsText) {
  const HttpReply reply = ErrorReply(UserError(ErrorCode::kNotFound, "no table \"x\""));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, "no table \"x\"");
  EXPECT_EQ(reply.content_type, "text/plain; charset=utf-8");
}

}  // namespace
}  // namespace sumac::server
