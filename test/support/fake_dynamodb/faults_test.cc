#include "fake_dynamodb/faults.h"

#include <future>
#include <thread>

#include <gmock/gmock.h>

#include "fake_dynamodb/fake_dynamodb_fixture.h"

namespace sumac::fake_dynamodb {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class FaultsTest : public FakeDynamodbTest {};

TEST_F(FaultsTest, FaultsMeetOneSenderOnly) {
  FakeOptions options;
  options.signers.push_back({"AKIDOTHER", "other", "", ""});
  StartWith(std::move(options));
  fake_->faults().NextFrom("AKIDOTHER", Fault::ExpiredToken());
  fake_->faults().NextFrom("AKIDOTHER", Fault::UnrecognizedClient());
  EXPECT_EQ(Scan().status, 200);
  client_->credentials = "AKIDOTHER:other";
  EXPECT_THAT(Scan().body, HasSubstr("#ExpiredTokenException"));
  EXPECT_THAT(Scan().body, HasSubstr("#UnrecognizedClientException"));
  EXPECT_EQ(Scan().status, 200);
}

TEST_F(FaultsTest, FaultsMeetTheRequestsTheyAreMeantFor) {
  fake_->faults().Next("Scan", Fault::Throttle("TableReadKeyRangeThroughputExceeded"), 2);
  fake_->faults().Nth("Scan", 4, Fault::InternalServerError());
  EXPECT_EQ(client_->Call("ListTables", "{}").status, 200);
  auto throttled = Scan();
  EXPECT_EQ(throttled.status, 400);
  EXPECT_THAT(throttled.body, HasSubstr("#ProvisionedThroughputExceededException"));
  EXPECT_THAT(throttled.body,
              HasSubstr(R"("ThrottlingReasons":[{"reason":"TableReadKeyRangeThroughputExceeded")"));
  EXPECT_EQ(Scan().status, 400);
  EXPECT_EQ(Scan().status, 200);
  EXPECT_EQ(Scan().status, 500);
  EXPECT_EQ(Scan().status, 200);
  EXPECT_EQ(fake_->RequestCount("Scan"), 5U);
}

TEST_F(FaultsTest, AnswersWithTheServicesErrors) {
  fake_->faults().Next("", Fault::ServiceUnavailable());
  fake_->faults().Next("", Fault::AccessDenied());
  fake_->faults().Next("", Fault::ExpiredToken());
  fake_->faults().Next("", Fault::PlainText(503));
  EXPECT_EQ(Scan().status, 503);
  EXPECT_THAT(Scan().body, HasSubstr("#AccessDeniedException"));
  EXPECT_THAT(Scan().body, HasSubstr("#ExpiredTokenException"));
  const auto plain = Scan();
  EXPECT_EQ(plain.status, 503);
  EXPECT_THAT(plain.body, StartsWith("<html>"));
}

TEST_F(FaultsTest, CutsConnectionsAndServesTheNext) {
  fake_->faults().Next("Scan", Fault::CutBeforeAnswer());
  fake_->faults().Next("Scan", Fault::CutMidBody());
  // curl itself tries again once when a connection that it kept open is gone before any answer.
  EXPECT_NE(CurlClient(fake_->endpoint_url()).Call("Scan", R"({"TableName":"users"})").code,
            CURLE_OK);
  const auto half = Scan();
  EXPECT_NE(half.code, CURLE_OK);
  EXPECT_EQ(half.status, 200);
  EXPECT_LT(half.body.size(), page_.size());
  EXPECT_EQ(Scan().body, page_);
}

TEST_F(FaultsTest, BreaksBodiesInItsOwnWays) {
  fake_->faults().Next("Scan", Fault::WrongChecksum());
  fake_->faults().Next("Scan", Fault::MalformedJson());
  fake_->faults().Next("Scan", Fault::Gzip());
  fake_->faults().Next("Scan", Fault::FalseGzip());
  const auto wrong = Scan();
  EXPECT_EQ(wrong.body, page_);
  EXPECT_NE(wrong.headers.at("x-amz-crc32"), std::to_string(Crc32(page_)));
  const auto malformed = Scan();
  EXPECT_EQ(malformed.body, page_.substr(0, page_.size() / 2));
  EXPECT_EQ(malformed.headers.at("x-amz-crc32"), std::to_string(Crc32(malformed.body)));
  const auto gzip = Scan();
  EXPECT_EQ(gzip.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(gzip.headers.at("x-amz-crc32"), std::to_string(Crc32(gzip.body)));
  EXPECT_EQ(Gunzip(gzip.body), page_);
  const auto false_gzip = Scan();
  EXPECT_EQ(false_gzip.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(false_gzip.body, page_);
}

TEST_F(FaultsTest, SendsSlowlyThroughAHook) {
  std::atomic<int> chunks{0};
  fake_->faults().Next("Scan", Fault::SlowBytes(7, [&chunks] { ++chunks; }));
  EXPECT_EQ(Scan().body, page_);
  EXPECT_GT(chunks, 20);
}

TEST_F(FaultsTest, EmptyPagesGoOn) {
  fake_->faults().Next("Scan", Fault::EmptyPage());
  const auto empty = Scan().body;
  EXPECT_THAT(empty, HasSubstr(R"("Count":0,"Items":[],"LastEvaluatedKey":{"id":{"N":")"));
  const auto begin = empty.find(R"({"id")");
  const auto key = empty.substr(begin, empty.find("}}") + 2 - begin);
  const auto next =
      client_->Call("Scan", R"({"TableName":"users","ExclusiveStartKey":)" + key + "}");
  EXPECT_EQ(next.body, page_);
}

TEST_F(FaultsTest, ReordersMembers) {
  fake_->faults().Next("Scan", Fault::MemberOrder(1));
  EXPECT_THAT(Scan().body, StartsWith(R"({"Items":)"));
}

TEST_F(FaultsTest, KeepsARequestWaitingUntilReleased) {
  fake_->faults().Next("Scan", Fault::NeverAnswer(), 3);
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 3; ++i) {
    answers.push_back(std::async(std::launch::async, [url = fake_->endpoint_url()] {
      return CurlClient(url).Call("Scan", R"({"TableName":"users"})").body;
    }));
  }
  while (fake_->RequestCount("Scan") < 3) std::this_thread::yield();
  EXPECT_EQ(Scan().body, page_);
  fake_->faults().Release();
  for (auto& answer : answers) EXPECT_EQ(answer.get(), page_);
  EXPECT_EQ(fake_->InFlightMax(), 4U);
}

TEST_F(FaultsTest, StopEndsRequestsThatWait) {
  fake_->faults().Next("Scan", Fault::NeverAnswer());
  auto answer = std::async(std::launch::async, [url = fake_->endpoint_url()] {
    return CurlClient(url).Call("Scan", R"({"TableName":"users"})").code;
  });
  while (fake_->RequestCount("Scan") < 1) std::this_thread::yield();
  fake_->Stop();
  EXPECT_NE(answer.get(), CURLE_OK);
}

}  // namespace
}  // namespace sumac::fake_dynamodb
