// AWS Signature Version 4 in three pure stages: canonical request, string to sign, authorization.
// Each is a function of its own so that the published vectors show which stage is wrong. Nothing
// here sends. Source: IAM user guide, "Create a signed AWS API request".
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.h"
#include "base/clock.h"

namespace sumac::aws {

struct SigningHeader {
  std::string name;
  std::string value;
};

// What is signed. Headers are signed all, so they must be sent all and unchanged; `host` is one of
// them. Do not add X-Amz-Date, X-Amz-Security-Token or Authorization: signing returns them.
struct SigningRequest {
  std::string method;
  std::string path;   // as in the URL, "/" at least
  std::string query;  // without '?', as in the URL
  std::vector<SigningHeader> headers;
  std::string_view payload;
};

struct SigningScope {
  std::string region;
  std::string service;
  WallTime time;
  // Removes "." and ".." and doubled slashes from the path; every service but S3 wants it.
  bool normalize_path = true;
  // Adds x-amz-content-sha256, which S3 wants.
  bool sign_body_header = false;
  // Leaves the token out of the signature; it is sent all the same.
  bool omit_session_token = false;
};

// "20150830T123600Z".
std::string SigningTimestamp(WallTime time);

// Stage 1. `headers` of the request must already hold x-amz-date and, if signed, the token.
std::string BuildCanonicalRequest(const SigningRequest& request, const SigningScope& scope);

// Stage 2.
std::string BuildStringToSign(std::string_view canonical_request, const SigningScope& scope);

// Stage 3: lower-case hex.
std::string BuildSignature(std::string_view string_to_sign, const SecretString& secret_access_key,
                           const SigningScope& scope);

// All three: the headers to add to the request.
std::vector<SigningHeader> Sign(const SigningRequest& request, const Credentials& credentials,
                                const SigningScope& scope);

}  // namespace sumac::aws
