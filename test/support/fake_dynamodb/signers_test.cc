#include <mutex>

#include <gmock/gmock.h>

#include "fake_dynamodb/fake_dynamodb_fixture.h"

namespace sumac::fake_dynamodb {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class SignersTest : public FakeDynamodbTest {};

TEST_F(SignersTest, AnswersAScanThatCurlSigned) {
  const auto response = Scan();
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.body, page_);
  EXPECT_EQ(response.headers.at("x-amz-crc32"), std::to_string(Crc32(page_)));
  EXPECT_EQ(response.headers.at("content-type"), "application/x-amz-json-1.0");
  EXPECT_THAT(response.headers.at("x-amzn-requestid"), StartsWith("FAKE"));
}

TEST_F(SignersTest, RefusesWrongAndMissingSignatures) {
  client_->credentials = "AKIDFAKE:another-secret";
  auto response = Scan();
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("#InvalidSignatureException"));
  client_->credentials = "AKIDOTHER:fake/secret+key";
  EXPECT_THAT(Scan().body, HasSubstr("#UnrecognizedClientException"));
  client_->credentials = "";
  EXPECT_THAT(Scan().body, HasSubstr("#MissingAuthenticationTokenException"));
}

TEST_F(SignersTest, RefusesOldSignaturesWhenItHasAClock) {
  // The fake's clock stands in 1970; curl signs with today's date.
  const ManualClock clock;
  FakeOptions options;
  options.clock = &clock;
  StartWith(std::move(options));
  const auto response = Scan();
  EXPECT_THAT(response.body, HasSubstr("Signature not yet current"));
  EXPECT_EQ(response.headers.at("date"), "Thu, 01 Jan 1970 00:00:00 GMT");
  fake_->Stop();
}

TEST_F(SignersTest, KnowsSeveralSignersAndReportsWhoAsked) {
  std::mutex mutex;
  std::vector<AnsweredRequest> answered;
  FakeOptions options;
  options.signers = {{"AKIDFAKE", "fake/secret+key", "", "us-west-2"},
                     {"ASIAROLE", "role/secret", "role/token", ""}};
  options.on_answer = [&](const AnsweredRequest& request) {
    std::lock_guard lock(mutex);
    answered.push_back(request);
  };
  StartWith(std::move(options));
  EXPECT_EQ(Scan().status, 200);
  client_->credentials = "ASIAROLE:role/secret";
  EXPECT_THAT(Scan().body, HasSubstr("#UnrecognizedClientException"));
  client_->extra_headers = {"X-Amz-Security-Token: role/token"};
  EXPECT_EQ(Scan().status, 200);
  client_->extra_headers = {"X-Amz-Security-Token: another"};
  EXPECT_EQ(Scan().status, 400);
  client_->credentials = "ASIAROLE:another-secret";
  EXPECT_THAT(Scan().body, HasSubstr("#InvalidSignatureException"));
  fake_->Stop();

  struct Row {
    const char* access_key_id;
    SessionTokenState session_token;
    bool signature_right;
    const char* error;
  };
  const std::vector<Row> expected = {
      {"AKIDFAKE", SessionTokenState::kNone, true, ""},
      {"ASIAROLE", SessionTokenState::kMissing, true, "UnrecognizedClientException"},
      {"ASIAROLE", SessionTokenState::kRight, true, ""},
      {"ASIAROLE", SessionTokenState::kWrong, true, "UnrecognizedClientException"},
      {"ASIAROLE", SessionTokenState::kWrong, false, "InvalidSignatureException"},
  };
  ASSERT_EQ(answered.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(answered[i].operation, "Scan");
    EXPECT_EQ(answered[i].sender.scope.access_key_id, expected[i].access_key_id);
    EXPECT_EQ(answered[i].sender.scope.region, "us-west-2");
    EXPECT_EQ(answered[i].sender.session_token, expected[i].session_token);
    EXPECT_EQ(answered[i].sender.signature_right, expected[i].signature_right);
    EXPECT_EQ(answered[i].error, expected[i].error);
    EXPECT_EQ(answered[i].status, expected[i].error[0] == '\0' ? 200 : 400);
    EXPECT_EQ("http://" + answered[i].host, fake_->endpoint_url());
  }
}

}  // namespace
}  // namespace sumac::fake_dynamodb
