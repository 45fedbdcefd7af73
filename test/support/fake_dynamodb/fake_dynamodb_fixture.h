// For the tests of the fake as a whole: a client, and a fake that serves the table users.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <curl/curl.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "fake_dynamodb/fake_dynamodb.h"

namespace sumac::fake_dynamodb {

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

inline std::string Gunzip(const std::string& bytes) {
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

}  // namespace sumac::fake_dynamodb
