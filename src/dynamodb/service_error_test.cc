#include "dynamodb/service_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::dynamodb {
namespace {

using testing::HasSubstr;

const Operation kScan = {"Scan", "users", "us-west-2"};

struct Case {
  int status;
  std::string body;
  ErrorCode code;
  Blame blame;
  bool retryable;
  std::string in_message;
};

std::string Body(const std::string& type, const std::string& message) {
  return R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + type + R"(","message":")" + message +
         "\"}";
}

TEST(ServiceErrorTest, ClassifiesWhatTheServiceSends) {
  const Case cases[] = {
      {400, Body("ProvisionedThroughputExceededException", "slow"), ErrorCode::kThrottled,
       Blame::kService, true, "read capacity"},
      {400, Body("ThrottlingException", "Rate exceeded"), ErrorCode::kThrottled, Blame::kService,
       true, "Rate exceeded"},
      {400, Body("RequestLimitExceeded", "quota"), ErrorCode::kThrottled, Blame::kService, true,
       "quota"},
      {500, Body("InternalServerError", "oops"), ErrorCode::kUnavailable, Blame::kService, true,
       "oops"},
      {503, Body("ServiceUnavailable", ""), ErrorCode::kUnavailable, Blame::kService, true,
       "ServiceUnavailable"},
      {400, Body("ResourceNotFoundException", "Requested resource not found"), ErrorCode::kNotFound,
       Blame::kUser, false, "dynamodb_aws_region (us-west-2)"},
      {400, Body("AccessDeniedException", "User is not authorized"), ErrorCode::kPermissionDenied,
       Blame::kUser, false, "allow dynamodb:Scan"},
      {400, Body("UnrecognizedClientException", "The security token is invalid."),
       ErrorCode::kUnauthenticated, Blame::kUser, false, "check the access key"},
      {400, Body("InvalidSignatureException", "Signature"), ErrorCode::kUnauthenticated,
       Blame::kUser, false, "secret key"},
      {400, Body("ExpiredTokenException", "The security token is expired"),
       ErrorCode::kUnauthenticated, Blame::kUser, false, "renew the credentials"},
      {400, Body("ValidationException", "Invalid Limit"), ErrorCode::kInvalidArgument, Blame::kUser,
       false, "Invalid Limit (ValidationException)"},
      {400, Body("SerializationException", ""), ErrorCode::kInvalidArgument, Blame::kSumac, false,
       "SerializationException"},
      // Names that are not known yet: the status decides.
      {400, Body("SomethingNewException", "new"), ErrorCode::kInvalidArgument, Blame::kUser, false,
       "new (SomethingNewException)"},
      {500, Body("SomethingNewException", "new"), ErrorCode::kUnavailable, Blame::kService, true,
       "new"},
      // The service's other spellings, and what stands between.
      {400, R"({"__type":"ThrottlingException:http://internal.amazon.com/","Message":"a"})",
       ErrorCode::kThrottled, Blame::kService, true, "failed: a (ThrottlingException)"},
      {502, "<html>Bad Gateway</html>", ErrorCode::kUnavailable, Blame::kService, true,
       "HTTP status 502"},
      {413, "", ErrorCode::kInvalidArgument, Blame::kUser, false, "HTTP status 413"},
      {429, "[]", ErrorCode::kThrottled, Blame::kService, true, "HTTP status 429"},
      {403, "nonsense {", ErrorCode::kPermissionDenied, Blame::kUser, false, "HTTP status 403"},
      {408, "null", ErrorCode::kUnavailable, Blame::kService, true, "HTTP status 408"},
      {400, R"({"__type":7,"message":null})", ErrorCode::kInvalidArgument, Blame::kUser, false,
       "HTTP status 400"},
  };
  for (const auto& one : cases) {
    const Error error = ClassifyServiceError(kScan, one.status, one.body, "RID");
    EXPECT_EQ(ErrorCodeName(error.code), ErrorCodeName(one.code)) << one.body;
    EXPECT_EQ(error.blame, one.blame) << one.body;
    EXPECT_EQ(error.retryable, one.retryable) << one.body;
    EXPECT_THAT(error.message, HasSubstr(one.in_message)) << one.body;
    EXPECT_THAT(error.message, HasSubstr("Scan of table 'users' failed")) << one.body;
    EXPECT_EQ(error.request_id, "RID");
  }
}

TEST(ServiceErrorTest, NamesNoTableWhereThereIsNone) {
  const Error error = ClassifyServiceError({"ListTables", "", "eu-west-1"}, 400,
                                           Body("ValidationException", "bad."), "");
  EXPECT_EQ(error.message, "ListTables failed: bad (ValidationException)");
  EXPECT_EQ(error.service_code, "ValidationException");
}

TEST(ServiceErrorTest, ReadsWhatAThrottleHoldsFor) {
  const std::tuple<const char*, const char*, ThrottleScope> cases[] = {
      {"", "", ThrottleScope::kTable},
      {R"(,"ThrottlingReasons":[{"reason":"TableReadKeyRangeThroughputExceeded","resource":"arn:x"}])",
       "TableReadKeyRangeThroughputExceeded", ThrottleScope::kKeyRange},
      {R"(,"ThrottlingReasons":[{"resource":"arn:x","reason":"IndexReadKeyRangeThroughputExceeded"},
           {"reason":"TableReadKeyRangeThroughputExceeded"}])",
       "IndexReadKeyRangeThroughputExceeded,TableReadKeyRangeThroughputExceeded",
       ThrottleScope::kKeyRange},
      {R"(,"ThrottlingReasons":[{"reason":"TableReadKeyRangeThroughputExceeded"},
           {"reason":"TableReadAccountLimitExceeded"}])",
       "TableReadKeyRangeThroughputExceeded,TableReadAccountLimitExceeded", ThrottleScope::kTable},
      {R"(,"throttlingReasons":[{"reason":"TableReadProvisionedThroughputExceeded"}])",
       "TableReadProvisionedThroughputExceeded", ThrottleScope::kTable},
      {R"(,"ThrottlingReasons":[{"reason":"TableReadMaxOnDemandThroughputExceeded"}])",
       "TableReadMaxOnDemandThroughputExceeded", ThrottleScope::kTable},
      // Not what the reference says.
      {R"(,"ThrottlingReasons":[])", "", ThrottleScope::kTable},
      {R"(,"ThrottlingReasons":null)", "", ThrottleScope::kTable},
      {R"(,"ThrottlingReasons":["KeyRange"])", "", ThrottleScope::kTable},
      {R"(,"ThrottlingReasons":[{"reason":3}])", "", ThrottleScope::kTable},
  };
  for (const auto& [members, reasons, scope] : cases) {
    const auto error = ClassifyServiceError(
        kScan, 400,
        std::string(R"({"__type":"x#ThrottlingException")") + members + R"(,"message":"slow"})",
        "");
    EXPECT_EQ(error.code, ErrorCode::kThrottled) << members;
    EXPECT_THAT(error.message, HasSubstr("slow")) << members;
    EXPECT_EQ(error.service_reasons, reasons) << members;
    EXPECT_EQ(ScopeOfThrottle(error), scope) << members;
  }
}

}  // namespace
}  // namespace sumac::dynamodb
