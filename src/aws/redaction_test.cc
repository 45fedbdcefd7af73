#include "aws/redaction.h"

#include <gtest/gtest.h>

namespace sumac::aws {
namespace {

TEST(RedactionTest, TakesEverySecretOut) {
  const SecretString token("secret-token");
  const SecretString short_one("sec");
  const SecretString none;
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"nothing", "nothing"},
      {"secret-token", "***"},
      {"Value 'secret-token' is secret-token", "Value '***' is ***"},
      {"secret-tokensecret-token", "******"},
      {"secret-toke", "secret-toke"},
  };
  for (auto [text, expected] : cases) {
    Redact({&token, &short_one, &none}, text);
    EXPECT_EQ(text, expected);
  }
}

}  // namespace
}  // namespace sumac::aws
