#include "server/http/listen_address.h"

#include <gtest/gtest.h>

namespace sumac::server {
namespace {

TEST(ParseListenAddress, TakesAddressAndPort) {
  const std::tuple<const char*, const char*, bool> cases[] = {
      {"127.0.0.1:8090", "127.0.0.1:8090", true}, {"localhost:0", "127.0.0.1:0", true},
      {"0.0.0.0:65535", "0.0.0.0:65535", false},  {"[::1]:8090", "[::1]:8090", true},
      {"[::]:8090", "[::]:8090", false},          {"192.168.1.5:80", "192.168.1.5:80", false},
  };
  for (const auto& [text, shown, loopback] : cases) {
    const auto address = ParseListenAddress(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(ListenAddressText(*address), shown);
    EXPECT_EQ(address->loopback, loopback) << text;
  }
}

TEST(ParseListenAddress, RefusesTheRest) {
  for (const char* text :
       {"", "8090", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:80x", "127.0.0.1:-1",
        "::1:8090", "[127.0.0.1]:1", "example.com:80", ":8090"}) {
    const auto address = ParseListenAddress(text);
    ASSERT_FALSE(address.has_value()) << text;
    EXPECT_EQ(address.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(address.error().message.find("127.0.0.1:8090"), std::string::npos);
  }
}

}  // namespace
}  // namespace sumac::server
