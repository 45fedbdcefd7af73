#include "aws/sigv4.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// A vector is a folder in the layout of AWS's published ones: what to sign (request.txt), with what
// (context.json), and what each stage gives.
struct SigningVector {
  SigningRequest request;
  std::string payload;
  SigningScope scope;
  Credentials credentials;
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
};

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A member of a flat piece of JSON whose strings have no escapes; empty when it is absent.
std::string Member(const std::string& json, const std::string& name) {
  std::smatch match;
  const std::regex pattern("\"" + name + "\"\\s*:\\s*(\"([^\"]*)\"|[a-z0-9]+)");
  if (!std::regex_search(json, match, pattern)) return "";
  return match[2].matched ? match[2].str() : match[1].str();
}

WallTime ParseTime(const std::string& text) {
  std::tm time{};
  strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &time);
  return std::chrono::system_clock::from_time_t(timegm(&time));
}

void ReadRequest(const std::string& text, SigningVector& vector) {
  std::vector<std::string> lines;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
    if (lines.back().empty()) break;
  }
  vector.payload = at < text.size() ? text.substr(at) : "";
  const std::string& first = lines.at(0);
  const size_t method_end = first.find(' ');
  const std::string target = first.substr(method_end + 1, first.rfind(" HTTP/") - method_end - 1);
  const size_t question = target.find('?');
  vector.request.method = first.substr(0, method_end);
  vector.request.path = target.substr(0, question);
  if (question != std::string::npos) vector.request.query = target.substr(question + 1);
  for (size_t i = 1; i < lines.size() && !lines[i].empty(); ++i) {
    const size_t colon = lines[i].find(':');
    if (lines[i][0] == ' ') {
      vector.request.headers.back().value += "\n" + lines[i];
    } else {
      vector.request.headers.push_back({lines[i].substr(0, colon), lines[i].substr(colon + 1)});
    }
  }
}

SigningVector Load(const fs::path& folder) {
  SigningVector vector;
  const std::string context = Read(folder / "context.json");
  vector.credentials.access_key_id = Member(context, "access_key_id");
  vector.credentials.secret_access_key = SecretString(Member(context, "secret_access_key"));
  vector.credentials.session_token = SecretString(Member(context, "token"));
  vector.scope.region = Member(context, "region");
  vector.scope.service = Member(context, "service");
  vector.scope.time = ParseTime(Member(context, "timestamp"));
  vector.scope.normalize_path = Member(context, "normalize") == "true";
  vector.scope.sign_body_header = Member(context, "sign_body") == "true";
  vector.scope.omit_session_token = Member(context, "omit_session_token") == "true";
  ReadRequest(Read(folder / "request.txt"), vector);
  vector.canonical_request = Read(folder / "header-canonical-request.txt");
  vector.string_to_sign = Read(folder / "header-string-to-sign.txt");
  vector.signature = Read(folder / "header-signature.txt");
  return vector;
}

// The request as stage 1 wants it: with the headers that Sign adds before signing.
SigningRequest WithAddedHeaders(const SigningVector& vector) {
  SigningRequest request = vector.request;
  request.payload = vector.payload;
  for (auto& header : Sign(request, vector.credentials, vector.scope)) {
    const bool token = header.name == "X-Amz-Security-Token";
    if (header.name == "Authorization" || (token && vector.scope.omit_session_token)) continue;
    request.headers.push_back(std::move(header));
  }
  return request;
}

int CheckVectors(const fs::path& folder) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!fs::exists(entry.path() / "header-signature.txt")) continue;
    SCOPED_TRACE(entry.path().filename().string());
    const SigningVector vector = Load(entry.path());
    EXPECT_EQ(BuildCanonicalRequest(WithAddedHeaders(vector), vector.scope),
              vector.canonical_request);
    EXPECT_EQ(BuildStringToSign(vector.canonical_request, vector.scope), vector.string_to_sign);
    EXPECT_EQ(
        BuildSignature(vector.string_to_sign, vector.credentials.secret_access_key, vector.scope),
        vector.signature);
    SigningRequest request = vector.request;
    request.payload = vector.payload;
    const auto added = Sign(request, vector.credentials, vector.scope);
    EXPECT_THAT(added.back().value, HasSubstr("Signature=" + vector.signature));
    ++count;
  }
  return count;
}

// The expected values were made with Python's hashlib and hmac.
TEST(SigV4Test, OwnVectors) {
  EXPECT_EQ(CheckVectors(fs::path(SUMAC_SOURCE_DIR) / "src/aws/testdata/sigv4"), 8);
}

// AWS's published vectors are not part of this project; SUMAC_SIGV4_VECTORS names the folder with
// them.
TEST(SigV4Test, PublishedVectors) {
  const char* folder = std::getenv("SUMAC_SIGV4_VECTORS");
  if (folder == nullptr) GTEST_SKIP() << "SUMAC_SIGV4_VECTORS is not set";
  EXPECT_GT(CheckVectors(folder), 30);
}

TEST(SigV4Test, TheSecretIsInNoHeader) {
  SigningRequest request;
  request.method = "POST";
  request.path = "/";
  SigningScope scope{"us-west-2", "dynamodb", WallTime{}};
  for (const auto& header : Sign(request, {"AKID", SecretString("TheSecret"), {}, {}}, scope)) {
    EXPECT_THAT(header.value, Not(HasSubstr("TheSecret")));
  }
}

TEST(SigV4Test, TimesAreUtc) {
  EXPECT_EQ(SigningTimestamp(WallTime{}), "19700101T000000Z");
  EXPECT_EQ(SigningTimestamp(WallTime{std::chrono::seconds(1'709'251'199)}), "20240229T235959Z");
}

}  // namespace
}  // namespace sumac::aws
