#include "fake_dynamodb/signature_check.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sumac::fake_dynamodb {
namespace {

using testing::HasSubstr;

// The example that AWS publishes with the algorithm ("get-vanilla"), and its signature.
ReceivedRequest PublishedRequest() {
  return {"GET",
          "/",
          {{"host", "example.amazonaws.com"},
           {"x-amz-date", "20150830T123600Z"},
           {"authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"}},
          ""};
}

Signer PublishedSigner() {
  return {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "", "us-east-1", "service"};
}

const WallTime kSignedAt = std::chrono::system_clock::from_time_t(1440938160);

TEST(SignatureCheckTest, AcceptsThePublishedSignature) {
  EXPECT_FALSE(CheckSignature(PublishedRequest(), PublishedSigner()));
  EXPECT_FALSE(CheckSignature(PublishedRequest(), PublishedSigner(), kSignedAt));
}

TEST(SignatureCheckTest, AcceptsAPublishedSignatureWithSessionToken) {
  auto request = PublishedRequest();
  auto signer = PublishedSigner();
  signer.session_token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
  request.headers[2].value =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
      "SignedHeaders=host;x-amz-date;x-amz-security-token, "
      "Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8";
  request.headers.push_back({"x-amz-security-token", signer.session_token});
  EXPECT_FALSE(CheckSignature(request, signer));

  auto other = signer;
  other.session_token = "another";
  const auto refusal = CheckSignature(request, other);
  ASSERT_TRUE(refusal);
  EXPECT_THAT(refusal->type, HasSubstr("UnrecognizedClientException"));
}

struct RefusalCase {
  const char* what;
  std::function<void(ReceivedRequest&, Signer&)> change;
  const char* type;
  const char* message;
};

void ReplaceInAuthorization(ReceivedRequest& request, const std::string& from,
                            const std::string& to) {
  auto& value = request.headers[2].value;
  value.replace(value.find(from), from.size(), to);
}

TEST(SignatureCheckTest, RefusesEverythingElse) {
  const std::vector<RefusalCase> cases = {
      {"another secret", [](auto&, auto& signer) { signer.secret_access_key += "x"; },
       "InvalidSignatureException", "does not match the signature you provided"},
      {"another key id", [](auto&, auto& signer) { signer.access_key_id = "AKIDOTHER"; },
       "UnrecognizedClientException", "security token included in the request is invalid"},
      {"another body", [](auto& request, auto&) { request.body = "{}"; },
       "InvalidSignatureException", "does not match"},
      {"another method", [](auto& request, auto&) { request.method = "POST"; },
       "InvalidSignatureException", "does not match"},
      {"another target", [](auto& request, auto&) { request.target = "/x"; },
       "InvalidSignatureException", "does not match"},
      {"another host", [](auto& request, auto&) { request.headers[0].value = "elsewhere"; },
       "InvalidSignatureException", "does not match"},
      {"no header", [](auto& request, auto&) { request.headers.pop_back(); },
       "MissingAuthenticationTokenException", "missing Authentication Token"},
      {"another scheme", [](auto& request, auto&) { request.headers[2].value = "Basic eDp5"; },
       "MissingAuthenticationTokenException", "missing Authentication Token"},
      {"another algorithm",
       [](auto& request, auto&) { ReplaceInAuthorization(request, "SHA256 ", "SHA1 "); },
       "IncompleteSignatureException", "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'"},
      {"no signature",
       [](auto& request, auto&) { ReplaceInAuthorization(request, "Signature=", "Sig="); },
       "IncompleteSignatureException", "requires 'Signature' parameter"},
      {"no date", [](auto& request, auto&) { request.headers.erase(request.headers.begin() + 1); },
       "IncompleteSignatureException", "'X-Amz-Date'"},
      {"unreadable date", [](auto& request, auto&) { request.headers[1].value = "yesterday"; },
       "IncompleteSignatureException", "ISO-8601"},
      {"short scope",
       [](auto& request, auto&) { ReplaceInAuthorization(request, "/aws4_request", ""); },
       "IncompleteSignatureException", "exactly 5 slash-delimited elements"},
      {"another region", [](auto&, auto& signer) { signer.region = "us-west-2"; },
       "InvalidSignatureException", "valid region, not 'us-east-1'"},
      {"another service", [](auto&, auto& signer) { signer.service = "dynamodb"; },
       "InvalidSignatureException", "correct service: 'dynamodb'"},
      {"another day in the scope",
       [](auto& request, auto&) { ReplaceInAuthorization(request, "20150830", "20150831"); },
       "InvalidSignatureException", "'20150831' != '20150830'"},
      {"host not signed",
       [](auto& request, auto&) { ReplaceInAuthorization(request, "host;", ""); },
       "InvalidSignatureException", "'host' must be a 'SignedHeader'"},
      {"token not signed",
       [](auto& request, auto&) {
         request.headers.push_back({"x-amz-security-token", "t"});
       },
       "InvalidSignatureException", "'x-amz-security-token' must be a 'SignedHeader'"},
      {"signed header that was not sent",
       [](auto& request, auto&) {
         ReplaceInAuthorization(request, "host;x-amz-date", "host;x-amz-date;x-other");
       },
       "InvalidSignatureException", "does not match"},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.what);
    auto request = PublishedRequest();
    auto signer = PublishedSigner();
    one.change(request, signer);
    const auto refusal = CheckSignature(request, signer);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 400);
    EXPECT_THAT(refusal->type, HasSubstr(one.type));
    EXPECT_THAT(refusal->message, HasSubstr(one.message));
  }
}

TEST(SignatureCheckTest, RefusesSignaturesMoreThanFifteenMinutesOff) {
  using std::chrono::minutes;
  const auto check = [](WallTime now) {
    return CheckSignature(PublishedRequest(), PublishedSigner(), now);
  };
  EXPECT_FALSE(check(kSignedAt + minutes(15)));
  EXPECT_FALSE(check(kSignedAt - minutes(15)));
  const auto expired = check(kSignedAt + minutes(16));
  ASSERT_TRUE(expired);
  EXPECT_EQ(expired->message,
            "Signature expired: 20150830T123600Z is now earlier than 20150830T123700Z "
            "(20150830T125200Z - 15 min.)");
  const auto early = check(kSignedAt - minutes(16));
  ASSERT_TRUE(early);
  EXPECT_THAT(early->message, HasSubstr("Signature not yet current: 20150830T123600Z"));
  const auto strict =
      CheckSignature(PublishedRequest(), PublishedSigner(), kSignedAt + minutes(6), minutes(5));
  ASSERT_TRUE(strict);
  EXPECT_THAT(strict->message, HasSubstr("(20150830T124200Z - 5 min.)"));
}

TEST(SignatureCheckTest, AcceptsAnyRegionOfASignerWithoutOne) {
  auto signer = PublishedSigner();
  signer.region.clear();
  EXPECT_FALSE(CheckSignature(PublishedRequest(), signer));
}

TEST(SignatureCheckTest, ReportsWhatTheRequestSaysEvenWhenItIsRefused) {
  const auto report =
      InspectSignature(PublishedRequest(), {{"AKIDOTHER", "x", "t", "us-east-1", "service"}});
  EXPECT_EQ(report.scope.access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(report.scope.region, "us-east-1");
  EXPECT_EQ(report.session_token, SessionTokenState::kNone);
  EXPECT_FALSE(report.signature_right);
  ASSERT_TRUE(report.refusal);
  EXPECT_THAT(report.refusal->type, HasSubstr("UnrecognizedClientException"));

  auto unsigned_request = PublishedRequest();
  unsigned_request.headers.pop_back();
  const auto none = InspectSignature(unsigned_request, {PublishedSigner()});
  EXPECT_EQ(none.scope.access_key_id, "");
  EXPECT_FALSE(none.signature_right);

  const auto old =
      InspectSignature(PublishedRequest(), {PublishedSigner()}, kSignedAt + std::chrono::hours(1));
  EXPECT_FALSE(old.signature_right);
  EXPECT_THAT(old.refusal->message, HasSubstr("Signature expired"));
}

}  // namespace
}  // namespace sumac::fake_dynamodb
