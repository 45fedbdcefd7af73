#include "fake_dynamodb/fake_dynamodb.h"

#include <future>
#include <set>
#include <thread>

#include <curl/curl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace sumac::fake_dynamodb {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A client that signs with curl's own implementation of SigV4: a third one, beside the fake's and
// Sumac's.
class CurlClient {
 public:
  struct Response {
    CURLcode code = CURLE_OK;
    long status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
  };

  explicit CurlClient(std::string url) : url_(std::move(url)), curl_(curl_easy_init()) {}
  ~CurlClient() { curl_easy_cleanup(curl_); }
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  Response Call(const std::string& operation, const std::string& body) {
    Response response;
    const auto target = "X-Amz-Target: DynamoDB_20120810." + operation;
    curl_slist* headers = curl_slist_append(nullptr, target.c_str());
    headers = curl_slist_append(headers, "Content-Type: application/x-amz-json-1.0");
    for (const auto& header : extra_headers) headers = curl_slist_append(headers, header.c_str());
    curl_easy_reset(curl_);
    curl_easy_setopt(curl_, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &CurlClient::OnBody);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &response);
    curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, &CurlClient::OnHeader);
    curl_easy_setopt(curl_, CURLOPT_HEADERDATA, &response);
    if (!credentials.empty()) {
      curl_easy_setopt(curl_, CURLOPT_AWS_SIGV4, "aws:amz:us-west-2:dynamodb");
      curl_easy_setopt(curl_, CURLOPT_USERPWD, credentials.c_str());
    }
    response.code = curl_easy_perform(curl_);
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &response.status);
    curl_slist_free_all(headers);
    return response;
  }

  std::string credentials = "AKIDFAKE:fake/secret+key";
  std::vector<std::string> extra_headers;

 private:
  static size_t OnBody(char* data, size_t size, size_t count, void* response) {
    static_cast<Response*>(response)->body.append(data, size * count);
    return size * count;
  }

  static size_t OnHeader(char* data, size_t size, size_t count, void* response) {
    const std::string line(data, size * count);
    const auto colon = line.find(": ");
    if (colon != std::string::npos) {
      auto name = line.substr(0, colon);
      for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      const auto end = line.find_last_not_of("\r\n");
      static_cast<Response*>(response)->headers[name] = line.substr(colon + 2, end - colon - 1);
    }
    return size * count;
  }

  std::string url_;
  CURL* curl_;
};

std::string Gunzip(const std::string& bytes) {
  std::string text(1 << 20, '\0');
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

class FakeDynamodbTest : public testing::Test {
 protected:
  void StartWith(FakeOptions options) {
    auto fake = FakeDynamodb::Start(std::move(options));
    ASSERT_TRUE(fake.has_value());
    fake_ = std::move(*fake);
    TableDefinition users;
    users.name = "users";
    users.keys = {{"id", 'N'}};
    users.items = {R"({"id":{"N":"1"},"status":{"S":"new"}})"};
    ASSERT_TRUE(fake_->AddTable(std::move(users)).has_value());
    client_ = std::make_unique<CurlClient>(fake_->endpoint_url());
  }
  void SetUp() override { StartWith({}); }

  CurlClient::Response Scan() { return client_->Call("Scan", R"({"TableName":"users"})"); }

  const std::string page_ =
      R"({"Count":1,"Items":[{"id":{"N":"1"},"status":{"S":"new"}}],"ScannedCount":1})";
  std::unique_ptr<FakeDynamodb> fake_;
  std::unique_ptr<CurlClient> client_;
};

TEST_F(FakeDynamodbTest, AnswersAScanThatCurlSigned) {
  const auto response = Scan();
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.body, page_);
  EXPECT_EQ(response.headers.at("x-amz-crc32"), std::to_string(Crc32(page_)));
  EXPECT_EQ(response.headers.at("content-type"), "application/x-amz-json-1.0");
  EXPECT_THAT(response.headers.at("x-amzn-requestid"), StartsWith("FAKE"));
}

TEST_F(FakeDynamodbTest, RefusesWrongAndMissingSignatures) {
  client_->credentials = "AKIDFAKE:another-secret";
  auto response = Scan();
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("#InvalidSignatureException"));
  client_->credentials = "AKIDOTHER:fake/secret+key";
  EXPECT_THAT(Scan().body, HasSubstr("#UnrecognizedClientException"));
  client_->credentials = "";
  EXPECT_THAT(Scan().body, HasSubstr("#MissingAuthenticationTokenException"));
}

TEST_F(FakeDynamodbTest, RefusesOldSignaturesWhenItHasAClock) {
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

TEST_F(FakeDynamodbTest, KnowsSeveralSignersAndReportsWhoAsked) {
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

TEST_F(FakeDynamodbTest, FaultsMeetOneSenderOnly) {
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

TEST_F(FakeDynamodbTest, TakesArnsForNames) {
  const auto ask = [this](const char* operation, const std::string& name) {
    return client_->Call(operation, R"({"TableName":")" + name + R"("})").body;
  };
  const std::string arn = "arn:aws:dynamodb:us-west-2:999999999999:table/";
  EXPECT_EQ(ask("Scan", arn + "users"), page_);
  EXPECT_THAT(ask("DescribeTable", arn + "users"), HasSubstr(R"("TableName":"users")"));
  EXPECT_THAT(ask("DescribeTable", arn + "nope"), HasSubstr("Table: nope not found"));
  EXPECT_THAT(ask("Scan", "arn:aws:dynamodb:eu-west-1:999999999999:table/users"),
              HasSubstr("#ValidationException"));
  EXPECT_THAT(ask("Scan", "arn:aws:s3:::users"), HasSubstr("#ValidationException"));
}

TEST_F(FakeDynamodbTest, DescribesAndListsTables) {
  EXPECT_THAT(
      client_->Call("DescribeTable", R"({"TableName":"users"})").body,
      testing::AllOf(HasSubstr(R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}])"),
                     HasSubstr(R"("TableStatus":"ACTIVE")"), HasSubstr(R"("ItemCount":1)")));
  for (const auto* name : {"a", "b"}) {
    TableDefinition table;
    table.name = name;
    table.keys = {{"pk", 'S'}, {"sk", 'B'}};
    ASSERT_TRUE(fake_->AddTable(std::move(table)).has_value());
  }
  EXPECT_EQ(client_->Call("ListTables", "{}").body, R"({"TableNames":["a","b","users"]})");
  EXPECT_EQ(client_->Call("ListTables", R"({"Limit":2})").body,
            R"({"LastEvaluatedTableName":"b","TableNames":["a","b"]})");
  EXPECT_EQ(client_->Call("ListTables", R"({"Limit":2,"ExclusiveStartTableName":"b"})").body,
            R"({"TableNames":["users"]})");
}

TEST_F(FakeDynamodbTest, RefusesAsTheServiceDoes) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"Scan", "{", "SerializationException"},
      {"Scan", "{}", "Value null at 'tableName' failed to satisfy constraint"},
      {"Scan", R"({"TableName":"nope"})", "Requested resource not found\""},
      {"DescribeTable", R"({"TableName":"nope"})", "Requested resource not found: Table: nope"},
      {"Scan", R"({"TableName":"users","Limit":0})", "Value '0' at 'limit' failed"},
      {"Scan", R"({"TableName":"users","Segment":0})", "The TotalSegments parameter is required"},
      {"Scan", R"({"TableName":"users","TotalSegments":2})", "The Segment parameter is required"},
      {"Scan", R"({"TableName":"users","Segment":2,"TotalSegments":2})",
       "Segment: 2 is not less than TotalSegments: 2"},
      {"Scan", R"({"TableName":"users","Segment":0,"TotalSegments":1000001})",
       "less than or equal to 1000000"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"status"})",
       "reserved keyword: status"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"#a"})",
       "not defined; attribute name: #a"},
      {"Scan",
       R"({"TableName":"users","ProjectionExpression":"#a","ExpressionAttributeNames":{"#a":"x","#b":"y"}})",
       "unused in expressions: keys: {#b}"},
      {"Scan", R"({"TableName":"users","ExpressionAttributeNames":{"#a":"x"}})",
       "can only be specified when using expressions"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"id, id"})", "paths overlap"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"id,"})", "Syntax error"},
      {"Scan", R"({"TableName":"users","ProjectionExpression":"id","Select":"COUNT"})",
       "choosing to get only the Count"},
      {"Scan", R"({"TableName":"users","FilterExpression":"x = y"})", "FilterExpression"},
      {"PutItem", "{}", "UnknownOperationException"},
  };
  for (const auto& [operation, body, message] : cases) {
    SCOPED_TRACE(body);
    const auto response = client_->Call(operation, body);
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body, HasSubstr(message));
    EXPECT_EQ(response.headers.at("x-amz-crc32"), std::to_string(Crc32(response.body)));
  }
}

TEST_F(FakeDynamodbTest, ProjectsThroughPlaceholders) {
  const auto response = client_->Call(
      "Scan",
      R"({"TableName":"users","ProjectionExpression":"#0","ExpressionAttributeNames":{"#0":"status"}})");
  EXPECT_EQ(response.body, R"({"Count":1,"Items":[{"status":{"S":"new"}}],"ScannedCount":1})");
}

TEST_F(FakeDynamodbTest, FaultsMeetTheRequestsTheyAreMeantFor) {
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

TEST_F(FakeDynamodbTest, AnswersWithTheServicesErrors) {
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

TEST_F(FakeDynamodbTest, CutsConnectionsAndServesTheNext) {
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

TEST_F(FakeDynamodbTest, BreaksBodiesInItsOwnWays) {
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

TEST_F(FakeDynamodbTest, CompressesLargeAnswersWhenAsked) {
  FakeOptions options;
  options.compression = Compression::kWhenAccepted;
  StartWith(std::move(options));
  TableDefinition large;
  large.name = "large";
  large.keys = {{"id", 'S'}};
  large.items = {fmt::format(R"({{"id":{{"S":"a"}},"x":{{"S":"{}"}}}})", std::string(6000, 'x'))};
  ASSERT_TRUE(fake_->AddTable(std::move(large)).has_value());
  const std::string request = R"({"TableName":"large"})";
  EXPECT_EQ(client_->Call("Scan", request).headers.count("content-encoding"), 0U);
  client_->extra_headers = {"Accept-Encoding: gzip"};
  EXPECT_EQ(client_->Call("Scan", request).headers.at("content-encoding"), "gzip");
  EXPECT_EQ(Scan().headers.count("content-encoding"), 0U);
}

TEST_F(FakeDynamodbTest, SendsSlowlyThroughAHook) {
  std::atomic<int> chunks{0};
  fake_->faults().Next("Scan", Fault::SlowBytes(7, [&chunks] { ++chunks; }));
  EXPECT_EQ(Scan().body, page_);
  EXPECT_GT(chunks, 20);
}

TEST_F(FakeDynamodbTest, EmptyPagesGoOn) {
  fake_->faults().Next("Scan", Fault::EmptyPage());
  const auto empty = Scan().body;
  EXPECT_THAT(empty, HasSubstr(R"("Count":0,"Items":[],"LastEvaluatedKey":{"id":{"N":")"));
  const auto begin = empty.find(R"({"id")");
  const auto key = empty.substr(begin, empty.find("}}") + 2 - begin);
  const auto next =
      client_->Call("Scan", R"({"TableName":"users","ExclusiveStartKey":)" + key + "}");
  EXPECT_EQ(next.body, page_);
}

TEST_F(FakeDynamodbTest, ReordersMembers) {
  fake_->faults().Next("Scan", Fault::MemberOrder(1));
  EXPECT_THAT(Scan().body, StartsWith(R"({"Items":)"));
}

TEST_F(FakeDynamodbTest, KeepsARequestWaitingUntilReleased) {
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

TEST_F(FakeDynamodbTest, StopEndsRequestsThatWait) {
  fake_->faults().Next("Scan", Fault::NeverAnswer());
  auto answer = std::async(std::launch::async, [url = fake_->endpoint_url()] {
    return CurlClient(url).Call("Scan", R"({"TableName":"users"})").code;
  });
  while (fake_->RequestCount("Scan") < 1) std::this_thread::yield();
  fake_->Stop();
  EXPECT_NE(answer.get(), CURLE_OK);
}

TEST_F(FakeDynamodbTest, RecordsWhatItGot) {
  Scan();
  client_->Call("ListTables", "{}");
  const auto requests = fake_->Requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].operation, "Scan");
  EXPECT_EQ(requests[0].body, R"({"TableName":"users"})");
  EXPECT_EQ(requests[1].operation, "ListTables");
}

TEST_F(FakeDynamodbTest, ServesMoreClientsThanItHasThreads) {
  FakeOptions options;
  options.connections_max = 2;
  StartWith(std::move(options));
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 8; ++i) {
    answers.push_back(std::async(std::launch::async, [url = fake_->endpoint_url()] {
      return CurlClient(url).Call("Scan", R"({"TableName":"users"})").body;
    }));
  }
  for (auto& answer : answers) EXPECT_EQ(answer.get(), page_);
  EXPECT_LE(fake_->InFlightMax(), 2U);
}

TEST_F(FakeDynamodbTest, ThrottlesAsTheModelOfTheServiceSays) {
  ManualClock clock;
  FakeOptions options;
  options.check_signatures = false;
  options.clock = &clock;
  // Each scan here costs half a unit.
  options.service = ServiceModelOptions{
      .partition_read_units = 1, .beyond = BeyondCapacity::kThrottle, .burst_seconds = 0.5};
  StartWith(std::move(options));
  EXPECT_EQ(Scan().status, 200);
  const auto refused = Scan();
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("TableReadKeyRangeThroughputExceeded"));
  clock.Advance(std::chrono::milliseconds(1'500));
  EXPECT_EQ(Scan().status, 200);
  EXPECT_EQ(fake_->TakeReadLog(),
            fmt::format(R"({{"pages":2,"bytes":{},)"
                        R"("throttles":{{"TableReadKeyRangeThroughputExceeded":1}},)"
                        R"("read_units_by_second":[0.5,0.5]}})",
                        2 * page_.size()));
  EXPECT_THAT(fake_->TakeReadLog(), HasSubstr(R"("pages":0)"));
}

TEST_F(FakeDynamodbTest, HoldsAnAnswerBackUntilItsTime) {
  ManualClock clock;
  FakeOptions options;
  options.check_signatures = false;
  options.clock = &clock;
  options.service = ServiceModelOptions{.page_latency = std::chrono::milliseconds(150)};
  StartWith(std::move(options));
  auto scan = std::async(std::launch::async, [this] { return Scan(); });
  while (fake_->InFlightMax() == 0) std::this_thread::yield();
  EXPECT_NE(scan.wait_for(std::chrono::milliseconds(0)), std::future_status::ready);
  while (scan.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready) {
    clock.Advance(std::chrono::milliseconds(50));
    std::this_thread::yield();
  }
  EXPECT_EQ(scan.get().status, 200);
}

TEST_F(FakeDynamodbTest, ServesAReplayedTablePlainAndGzipped) {
  FakeOptions options;
  options.compression = Compression::kWhenAccepted;
  StartWith(std::move(options));
  TableDefinition replayed;
  replayed.name = "replayed";
  replayed.keys = {{"id", 'N'}};
  replayed.replayed_pages = 10;
  for (int i = 0; i < 200; ++i) {
    replayed.items.push_back(
        fmt::format(R"({{"id":{{"N":"{}"}},"text":{{"S":"{:040}"}}}})", i, i * i));
  }
  ASSERT_TRUE(fake_->AddTable(std::move(replayed)).has_value());
  const auto plain = client_->Call("Scan", R"({"TableName":"replayed"})");
  EXPECT_EQ(plain.headers.at("x-amz-crc32"), std::to_string(Crc32(plain.body)));
  EXPECT_THAT(plain.body, HasSubstr(R"("LastEvaluatedKey":{"id":{"N":"10000000"}})"));
  client_->extra_headers = {"Accept-Encoding: gzip"};
  const auto compressed = client_->Call("Scan", R"({"TableName":"replayed"})");
  EXPECT_EQ(compressed.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(compressed.headers.at("x-amz-crc32"), std::to_string(Crc32(compressed.body)));
  EXPECT_LT(compressed.body.size(), plain.body.size() / 2);
  EXPECT_EQ(Gunzip(compressed.body), plain.body);
  // Faults meet it as any other table.
  fake_->faults().Next("Scan", Fault::MalformedJson());
  client_->extra_headers.clear();
  EXPECT_EQ(client_->Call("Scan", R"({"TableName":"replayed"})").body,
            plain.body.substr(0, plain.body.size() / 2));
}

}  // namespace
}  // namespace sumac::fake_dynamodb
