#include "server/security/exposure.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

TEST(ExposureTest, NamesWhatIsMissing) {
  const auto text = [](const char* address, bool asks_for_key, bool encrypted) {
    return ExposureText(ParseListenAddress(address).value(),
                        {"The HTTP server", true, asks_for_key, encrypted});
  };
  EXPECT_EQ(text("127.0.0.1:8090", false, false), "");
  EXPECT_EQ(text("[::1]:8090", false, false), "");
  EXPECT_EQ(text("0.0.0.0:8090", true, true), "");
  EXPECT_EQ(text("0.0.0.0:8090", false, true),
            "The HTTP server listens on 0.0.0.0:8090, which other machines can reach, and asks for "
            "no API key "
            "(runtime.auth): whoever reaches it can read every dataset");
  EXPECT_EQ(text("0.0.0.0:8090", true, false),
            "The HTTP server listens on 0.0.0.0:8090, which other machines can reach, without TLS "
            "(runtime.tls): whoever is on the way can read the API keys and the answers");
  EXPECT_EQ(text("[::]:8090", false, false),
            "The HTTP server listens on [::]:8090, which other machines can reach, and asks for no "
            "API key "
            "(runtime.auth): whoever reaches it can read every dataset; without TLS (runtime.tls): "
            "whoever is on the way can read the answers");
}

TEST(ExposureTest, MetricsHaveNamesOnly) {
  const auto address = ParseListenAddress("0.0.0.0:9090").value();
  EXPECT_EQ(ExposureText(address, {"The metrics server", false, false, true}),
            "The metrics server listens on 0.0.0.0:9090, which other machines can reach, and asks "
            "for no key: "
            "whoever reaches it can read the names of datasets and columns");
}

}  // namespace
}  // namespace sumac::server
