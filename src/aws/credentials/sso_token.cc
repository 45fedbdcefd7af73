#include "aws/credentials/sso_token.h"

#include <openssl/evp.h>

#include "aws/credentials/credentials_document.h"
#include "aws/timestamp.h"

namespace sumac::aws {

std::string SsoTokenPath(const std::string& home, const std::string& key) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(key.data(), key.size(), digest, &size, EVP_sha1(), nullptr);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string name;
  for (unsigned int i = 0; i < size; ++i) {
    name += kDigits[digest[i] >> 4];
    name += kDigits[digest[i] & 0xf];
  }
  return home + "/.aws/sso/cache/" + name + ".json";
}

Result<SsoToken> ParseSsoToken(const SecretString& text) {
  SsoToken token;
  const auto fields = ParseJsonFields(text.Reveal());
  if (!fields) return Fail(BrokenDocument("it is no JSON object"));
  token.text = text;
  token.access_token = SecretField(*fields, "accessToken");
  if (token.access_token.empty()) return Fail(BrokenDocument("it has no accessToken"));
  const auto expires_at = ParseTimestamp(Field(*fields, "expiresAt"));
  if (!expires_at) return Fail(BrokenDocument("its expiresAt is no timestamp"));
  token.expires_at = *expires_at;
  token.refresh_token = SecretField(*fields, "refreshToken");
  token.client_id = Field(*fields, "clientId");
  token.client_secret = SecretField(*fields, "clientSecret");
  token.registration_expires_at = ParseTimestamp(Field(*fields, "registrationExpiresAt"));
  return token;
}

SecretString FormatSsoToken(const SsoToken& token) {
  JsonFields members;
  members["accessToken"] = token.access_token;
  members["expiresAt"] = SecretString(FormatTimestamp(token.expires_at));
  if (!token.refresh_token.empty()) members["refreshToken"] = token.refresh_token;
  return SetJsonMembers(token.text, members);
}

}  // namespace sumac::aws
