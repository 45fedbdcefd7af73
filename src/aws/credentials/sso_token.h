// The token of `aws sso login`: a file that the AWS CLI and the SDKs share. Source: SDKs and Tools
// reference guide, "IAM Identity Center credential provider".
#pragma once

#include <optional>
#include <string>

#include "aws/json_fields.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secret_string.h"

namespace sumac::aws {

struct SsoToken {
  SecretString access_token;
  WallTime expires_at;
  // What a renewal needs; empty in files of the legacy form.
  SecretString refresh_token;
  std::string client_id;
  SecretString client_secret;
  std::optional<WallTime> registration_expires_at;
  // The file's text, so that writing it back loses nothing.
  SecretString text;
};

// "<home>/.aws/sso/cache/<SHA-1 of key in hex>.json"; `key` is the name of the sso-session, or the
// start URL where there is none.
std::string SsoTokenPath(const std::string& home, const std::string& key);

// Error kDataCorrupt: no JSON, no accessToken, no expiresAt.
Result<SsoToken> ParseSsoToken(const SecretString& text);

// The file's text with the token's present values.
SecretString FormatSsoToken(const SsoToken& token);

}  // namespace sumac::aws
