#include "dynamodb/client.h"

#include <atomic>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>

#include "aws/credentials/credentials_cache.h"
#include "net/fake_transport.h"

namespace sumac::dynamodb {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing::Not;

constexpr char kSecret[] = "TheSecretKeyThatNobodyMaySee";
constexpr char kToken[] = "TheSessionTokenThatNobodyMaySee";
constexpr char kEmptyPage[] = R"({"Items":[],"Count":0,"ScannedCount":0})";

using Answer = std::optional<Result<net::HttpResponse>>;

Answer Respond(int status, const std::string& body, std::vector<net::HttpHeader> headers = {}) {
  net::HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = body;
  return Result<net::HttpResponse>(std::move(response));
}

Answer Refuse(int status, const std::string& type) {
  return Respond(status, R"({"__type":"x#)" + type + R"(","message":"the reason"})");
}

Answer CutConnection() {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.blame = Blame::kNetwork;
  error.retryable = true;
  error.message = "the connection was cut";
  return Result<net::HttpResponse>(Fail(std::move(error)));
}

std::string HeaderOf(const net::HttpRequest& request, std::string_view name) {
  for (const auto& header : request.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

// A client whose service answers from a list; the last answer is repeated.
class ClientTest : public testing::Test {
 protected:
  ~ClientTest() override {
    if (transport_) transport_->Stop();
  }

  ClientOptions Prepare(std::vector<Answer> answers, ClientOptions options) {
    options.endpoint_url = "http://127.0.0.1:8000";
    options.region = "us-west-2";
    options.random_seed = 7;
    auto handler = [this, answers = std::move(answers)](const net::HttpRequest& request) {
      const size_t index = requests_.size();
      requests_.push_back(request);
      return answers[std::min(index, answers.size() - 1)];
    };
    if (transport_) transport_->Stop();
    transport_ = std::make_shared<net::FakeTransport>(*clock_, std::move(handler));
    signing_clock_ = std::make_shared<aws::SigningClock>(clock_);
    return options;
  }

  std::shared_ptr<Client> Make(std::vector<Answer> answers, ClientOptions options = {}) {
    options = Prepare(std::move(answers), std::move(options));
    auto credentials = aws::MakeStaticCredentials(
        aws::Credentials{"AKID", SecretString(kSecret), SecretString(kToken), {}, {}, {}},
        signing_clock_);
    return std::make_shared<Client>(transport_, credentials, signing_clock_, options);
  }

  std::shared_ptr<Client> MakeWith(std::vector<Answer> answers,
                                   std::shared_ptr<aws::CredentialsProvider> provider) {
    const auto options = Prepare(std::move(answers), {});
    return std::make_shared<Client>(
        transport_, std::make_shared<aws::CredentialsCache>(std::move(provider), signing_clock_),
        signing_clock_, options);
  }

  static ScanRequest Users() {
    ScanRequest request;
    request.table_name = "users";
    return request;
  }

  const std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(WallTime{std::chrono::seconds(1'700'000'000)});
  std::shared_ptr<aws::SigningClock> signing_clock_;
  std::vector<net::HttpRequest> requests_;
  std::shared_ptr<net::FakeTransport> transport_;
};

TEST_F(ClientTest, SendsWhatTheProtocolAsksFor) {
  const auto client = Make({Respond(200, kEmptyPage)});
  ASSERT_TRUE(client->ScanAndWait(Users()));
  ASSERT_EQ(requests_.size(), 1u);
  const auto& request = requests_[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "http://127.0.0.1:8000/");
  EXPECT_EQ(HeaderOf(request, "X-Amz-Target"), "DynamoDB_20120810.Scan");
  EXPECT_EQ(HeaderOf(request, "Content-Type"), "application/x-amz-json-1.0");
  EXPECT_EQ(HeaderOf(request, "Host"), "127.0.0.1:8000");
  EXPECT_EQ(HeaderOf(request, "X-Amz-Date"), "20231114T221320Z");
  EXPECT_EQ(HeaderOf(request, "X-Amz-Security-Token"), kToken);
  EXPECT_THAT(HeaderOf(request, "Authorization"),
              HasSubstr("Credential=AKID/20231114/us-west-2/dynamodb/aws4_request"));
  EXPECT_THAT(HeaderOf(request, "User-Agent"), HasSubstr("sumac/"));
}

TEST_F(ClientTest, RetriesWhatMayPass) {
  const std::pair<const char*, Answer> troubles[] = {
      {"throttle", Refuse(400, "ProvisionedThroughputExceededException")},
      {"throttle of the control plane", Refuse(400, "ThrottlingException")},
      {"5xx", Refuse(500, "InternalServerError")},
      {"5xx of a proxy", Respond(503, "<html>")},
      {"timeout", std::nullopt},
      {"cut connection", CutConnection()},
      {"wrong checksum", Respond(200, kEmptyPage, {{"x-amz-crc32", "1"}})},
      {"half a page", Respond(200, R"({"Count":1,"Items":[)")},
  };
  for (const auto& [name, trouble] : troubles) {
    requests_.clear();
    ClientOptions options;
    options.attempt_timeout_ms = 10'000;
    const auto client = Make({trouble, trouble, Respond(200, kEmptyPage)}, options);
    EXPECT_TRUE(client->ScanAndWait(Users())) << name;
    EXPECT_EQ(requests_.size(), 3u) << name;
  }
}

TEST_F(ClientTest, NeverRetriesWhatCannotPass) {
  for (const char* type :
       {"ValidationException", "ResourceNotFoundException", "AccessDeniedException",
        "UnrecognizedClientException", "ExpiredTokenException", "SerializationException"}) {
    requests_.clear();
    const auto client = Make({Refuse(400, type), Respond(200, kEmptyPage)});
    const auto page = client->ScanAndWait(Users());
    ASSERT_FALSE(page) << type;
    EXPECT_EQ(page.error().service_code, type);
    EXPECT_EQ(requests_.size(), 1u) << type;
  }
}

// Each wait is drawn from [0, base * 2^n), and each attempt is signed at its own time.
TEST_F(ClientTest, BacksOffWithFullJitterAndSignsAnew) {
  const auto client = Make({Refuse(400, "ThrottlingException"), Refuse(400, "ThrottlingException"),
                            Refuse(400, "ThrottlingException"), Refuse(400, "ThrottlingException"),
                            Refuse(400, "ThrottlingException"), Refuse(400, "ThrottlingException"),
                            Respond(200, kEmptyPage)});
  ASSERT_TRUE(client->ScanAndWait(Users()));
  const auto waits = transport_->WaitsMs();
  ASSERT_EQ(waits.size(), 6u);
  int base = net::RetryPolicy{}.throttle_base_ms;
  for (const int wait : waits) {
    EXPECT_THAT(wait, AllOf(Ge(0), Le(base)));
    base *= 2;
  }
  // 6.3 s of back-off at most, more than a second with this seed.
  EXPECT_NE(HeaderOf(requests_.front(), "X-Amz-Date"), HeaderOf(requests_.back(), "X-Amz-Date"));
  EXPECT_NE(HeaderOf(requests_.front(), "Authorization"),
            HeaderOf(requests_.back(), "Authorization"));
}

TEST_F(ClientTest, GivesUpOnTransientFailuresAfterTheAttemptsOfThePolicy) {
  const auto client = Make({Refuse(500, "InternalServerError")});
  const auto page = client->ScanAndWait(Users());
  ASSERT_FALSE(page);
  EXPECT_EQ(requests_.size(), 8u);
  EXPECT_EQ(page.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(page.error().message,
              AllOf(HasSubstr("'users'"), HasSubstr("the reason"), HasSubstr("8 attempts")));
}

TEST_F(ClientTest, GivesUpOnThrottlesAtTheDeadline) {
  ClientOptions options;
  options.call_timeout_ms = 5'000;
  const auto client = Make({Refuse(400, "ProvisionedThroughputExceededException")}, options);
  const auto started = clock_->MonotonicNow();
  const auto page = client->ScanAndWait(Users());
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kThrottled);
  EXPECT_THAT(page.error().message, HasSubstr("gave up after"));
  EXPECT_LE(clock_->MonotonicNow() - started, std::chrono::seconds(5));
}

// The last attempt gets the time that is left, not more.
TEST_F(ClientTest, AttemptsEndAtTheDeadline) {
  ClientOptions options;
  options.call_timeout_ms = 2'500;
  options.attempt_timeout_ms = 1'000;
  const auto client = Make({std::nullopt}, options);
  const auto started = clock_->MonotonicNow();
  const auto page = client->ScanAndWait(Users());
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_THAT(page.error().message, HasSubstr("Scan of table 'users' failed: no answer"));
  EXPECT_LE(clock_->MonotonicNow() - started, std::chrono::milliseconds(2'500));
  for (const auto& request : requests_) EXPECT_LE(request.timeout_ms, 1'000);
}

TEST_F(ClientTest, NoMessageHoldsASecret) {
  for (const auto& answer :
       {Refuse(400, "UnrecognizedClientException"), Refuse(500, "InternalServerError"),
        CutConnection(), Answer(std::nullopt), Respond(200, "not a page")}) {
    const auto client = Make({answer});
    const auto page = client->ScanAndWait(Users());
    ASSERT_FALSE(page);
    EXPECT_THAT(page.error().message, AllOf(Not(HasSubstr(kSecret)), Not(HasSubstr(kToken))));
  }
}

TEST_F(ClientTest, CancelEndsAnExchangeUnderWay) {
  const auto client = Make({Respond(200, kEmptyPage)});
  transport_->Hold(true);
  std::promise<Result<Page>> promise;
  const auto call = client->Scan(Users(), [&](Result<Page> page) { promise.set_value(page); });
  transport_->AwaitRequests(1);
  call->Cancel();
  call->Cancel();
  const auto page = promise.get_future().get();
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(requests_.size(), 0u);
}

TEST_F(ClientTest, CancelEndsABackOff) {
  const auto client = Make({Refuse(400, "ThrottlingException")});
  std::promise<Result<Page>> promise;
  transport_->Hold(true);
  const auto call = client->Scan(Users(), [&](Result<Page> page) { promise.set_value(page); });
  transport_->AwaitRequests(1);
  // The answer arrives, the back-off after it does not end.
  transport_->AnswerOne();
  transport_->AwaitTimer();
  call->Cancel();
  const auto page = promise.get_future().get();
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(requests_.size(), 1u);
}

TEST_F(ClientTest, DroppingTheHandleDropsTheCallback) {
  const auto client = Make({Respond(200, kEmptyPage)});
  transport_->Hold(true);
  std::atomic<bool> called = false;
  auto call = client->Scan(Users(), [&](const Result<Page>&) { called = true; });
  transport_->AwaitRequests(1);
  call.reset();
  transport_->Hold(false);
  // A second call through the same transport comes after whatever the first has left behind.
  ASSERT_TRUE(client->ScanAndWait(Users()));
  EXPECT_FALSE(called);
}

TEST_F(ClientTest, AWaitEndsWhenItsFlagIsSet) {
  const auto client = Make({Respond(200, kEmptyPage)});
  transport_->Hold(true);
  const std::atomic<bool> cancelled = true;
  const auto page = client->ScanAndWait(Users(), &cancelled);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kCancelled);
}

// Gives the keys of a list one after the other, the last one again and again.
class ListedCredentials final : public aws::CredentialsProvider {
 public:
  explicit ListedCredentials(std::vector<std::string> keys) : keys_(std::move(keys)) {}

  Result<aws::Credentials> GetCredentials(const aws::CredentialsRequest& request) override {
    while (held) {
      if (request.cancelled != nullptr && *request.cancelled) return Fail(CancelledError());
      std::this_thread::yield();
    }
    if (keys_.empty()) return Fail(ErrorCode::kUnauthenticated, "no credentials were found");
    const std::string key = keys_[std::min(asked++, keys_.size() - 1)];
    return aws::Credentials{key, SecretString(kSecret), {}, {}, {}, {}};
  }
  std::string Name() const override { return "a list"; }

  std::atomic<size_t> asked = 0;
  std::atomic<bool> held = false;

 private:
  const std::vector<std::string> keys_;
};

TEST_F(ClientTest, WithoutCredentialsNothingIsSent) {
  const auto provider = std::make_shared<ListedCredentials>(std::vector<std::string>{});
  const auto client = MakeWith({Respond(200, kEmptyPage)}, provider);
  const auto page = client->ScanAndWait(Users());
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::kUnauthenticated);
  EXPECT_TRUE(requests_.empty());
}

TEST_F(ClientTest, RenewsCredentialsThatAreRefusedOnce) {
  struct Case {
    std::vector<std::string> keys;
    std::vector<Answer> answers;
    std::vector<std::string> sent;  // access key ids
    std::string service_code;       // of the error, empty for success
  };
  const auto expired = Refuse(400, "ExpiredTokenException");
  const auto unknown = Refuse(400, "UnrecognizedClientException");
  const auto page = Respond(200, kEmptyPage);
  const auto throttled = Refuse(400, "ThrottlingException");
  const Case cases[] = {
      {{"A", "B"}, {expired, page}, {"A", "B"}, ""},
      {{"A", "B"}, {unknown, page}, {"A", "B"}, ""},
      // A throttle after the renewal is retried with the new keys as any other.
      {{"A", "B"}, {expired, throttled, page}, {"A", "B", "B"}, ""},
      {{"A", "B", "C"}, {expired, expired}, {"A", "B"}, "ExpiredTokenException"},
      // New keys are not known everywhere at once, so the same are tried again once too.
      {{"A"}, {unknown, page}, {"A", "A"}, ""},
      {{"A"}, {expired, expired}, {"A", "A"}, "ExpiredTokenException"},
      {{"A", "B"}, {Refuse(400, "AccessDeniedException")}, {"A"}, "AccessDeniedException"},
  };
  for (const auto& [keys, answers, sent, service_code] : cases) {
    requests_.clear();
    const auto client = MakeWith(answers, std::make_shared<ListedCredentials>(keys));
    const auto scanned = client->ScanAndWait(Users());
    EXPECT_EQ(scanned ? "" : scanned.error().service_code, service_code);
    std::vector<std::string> seen;
    for (const auto& request : requests_) {
      const std::string text = HeaderOf(request, "Authorization");
      const size_t start = text.find("Credential=") + 11;
      seen.push_back(text.substr(start, text.find('/', start) - start));
    }
    EXPECT_EQ(seen, sent) << service_code;
  }
}

TEST_F(ClientTest, SignsWithTheServicesTimeWhenOursIsWrong) {
  // Ours is 2023-11-14T22:13:20Z.
  const std::vector<net::HttpHeader> later = {{"Date", "Tue, 14 Nov 2023 23:00:00 GMT"}};
  const auto skewed =
      Respond(400, R"({"__type":"x#InvalidSignatureException","message":"expired"})", later);
  const auto client = Make({skewed, Respond(200, kEmptyPage)});
  ASSERT_TRUE(client->ScanAndWait(Users()));
  ASSERT_EQ(requests_.size(), 2u);
  EXPECT_EQ(HeaderOf(requests_[0], "X-Amz-Date"), "20231114T221320Z");
  EXPECT_EQ(HeaderOf(requests_[1], "X-Amz-Date"), "20231114T230000Z");
  // And stays corrected.
  ASSERT_TRUE(client->ScanAndWait(Users()));
  EXPECT_EQ(HeaderOf(requests_[2], "X-Amz-Date"), "20231114T230000Z");
}

TEST_F(ClientTest, ARefusedSignatureWithTheRightTimeIsAnError) {
  for (const char* date : {"Tue, 14 Nov 2023 22:13:50 GMT", "no date", ""}) {
    requests_.clear();
    const auto client = Make({Respond(
        400, R"({"__type":"x#InvalidSignatureException","message":"no"})", {{"Date", date}})});
    const auto page = client->ScanAndWait(Users());
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(requests_.size(), 1u) << date;
  }
}

TEST_F(ClientTest, CancelEndsTheWaitForCredentials) {
  const auto provider = std::make_shared<ListedCredentials>(std::vector<std::string>{"A"});
  provider->held = true;
  const auto client = MakeWith({Respond(200, kEmptyPage)}, provider);
  std::promise<Result<Page>> promise;
  const auto call = client->Scan(Users(), [&](Result<Page> page) { promise.set_value(page); });
  call->Cancel();
  EXPECT_EQ(promise.get_future().get().error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(requests_.empty());
}

TEST_F(ClientTest, ListsTablesPageByPage) {
  const auto client =
      Make({Respond(200, R"({"TableNames":["a","b"],"LastEvaluatedTableName":"b"})"),
            Respond(200, R"({"TableNames":["c"]})")});
  const auto names = client->ListTables(100);
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, ElementsAre("a", "b", "c"));
  EXPECT_EQ(requests_[1].body, R"({"ExclusiveStartTableName":"b"})");
  requests_.clear();
  EXPECT_THAT(*client->ListTables(2), ElementsAre("a", "b"));
  EXPECT_EQ(requests_.size(), 1u);
}

// A server that never comes to an end must not keep us for ever.
TEST_F(ClientTest, StopsListingWhenTheServerStandsStill) {
  const auto client = Make({Respond(200, R"({"TableNames":[],"LastEvaluatedTableName":"b"})")});
  EXPECT_TRUE(client->ListTables(100));
  EXPECT_LE(requests_.size(), 2u);
}

// As the service does: the checksum is of the compressed bytes.
Answer RespondCompressed(const std::string& body) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  std::string bytes(libdeflate_gzip_compress_bound(compressor, body.size()), '\0');
  bytes.resize(
      libdeflate_gzip_compress(compressor, body.data(), body.size(), bytes.data(), bytes.size()));
  libdeflate_free_compressor(compressor);
  const auto checksum = libdeflate_crc32(0, bytes.data(), bytes.size());
  return Respond(200, bytes,
                 {{"Content-Encoding", "gzip"}, {"x-amz-crc32", std::to_string(checksum)}});
}

TEST_F(ClientTest, AsksForCompressedPagesWhenItIsToldTo) {
  const std::string page = R"({"Items":[{"text":{"S":")" + std::string(100'000, 'x') +
                           R"("}}],"Count":1,"ScannedCount":1})";
  ClientOptions options;
  options.compression = Compression::kOn;
  auto client = Make({RespondCompressed(page)}, options);
  const auto read = client->ScanAndWait({.table_name = "users"});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->body, page);
  EXPECT_EQ(read->count, 1u);
  EXPECT_LT(read->bytes_on_wire, page.size() / 10);
  EXPECT_GT(read->bytes_on_wire, 0u);
  ASSERT_EQ(requests_.size(), 1u);
  EXPECT_EQ(HeaderOf(requests_[0], "Accept-Encoding"), "gzip");
  EXPECT_THAT(HeaderOf(requests_[0], "Authorization"), Not(HasSubstr("accept-encoding")));
}

TEST_F(ClientTest, AsksForNoCompressionOtherwise) {
  for (const auto compression : {Compression::kOff, Compression::kAuto}) {
    requests_.clear();
    ClientOptions options;
    options.compression = compression;
    auto client = Make({Respond(200, kEmptyPage)}, options);
    const auto read = client->ScanAndWait({.table_name = "users"});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->bytes_on_wire, std::string_view(kEmptyPage).size());
    ASSERT_EQ(requests_.size(), 1u);
    EXPECT_EQ(HeaderOf(requests_[0], "Accept-Encoding"), "");
  }
}

// Bodies that take their time to come, as over a slow line.
TEST_F(ClientTest, AutoFindsOutThatTheWireIsSlow) {
  const std::string page = R"({"Items":[{"text":{"S":")" + std::string(1'100'000, 'x') +
                           R"("}}],"Count":1,"ScannedCount":1})";
  auto slow = Respond(200, page);
  (*slow)->ended = (*slow)->began + std::chrono::milliseconds(100);
  auto client = Make({slow, RespondCompressed(page)}, {});
  for (int i = 0; i < 2; ++i) {
    const auto read = client->ScanAndWait({.table_name = "users"});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->body, page);
  }
  ASSERT_EQ(requests_.size(), 2u);
  EXPECT_EQ(HeaderOf(requests_[0], "Accept-Encoding"), "");
  EXPECT_EQ(HeaderOf(requests_[1], "Accept-Encoding"), "gzip");
}

}  // namespace
}  // namespace sumac::dynamodb
