// Single items by key, one after the other, without SQL: the bare signed request.
//
//   get_alone ENDPOINT TABLE FIRST COUNT
//
// Gets the items whose key, a number `id`, is FIRST and what follows it. Prints one line of JSON:
// items, seconds.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "aws/credentials/credentials_cache.h"
#include "aws/signing_clock.h"
#include "base/clock.h"
#include "dynamodb/client.h"
#include "net/curl_transport.h"

namespace sumac::bench {
namespace {

std::unique_ptr<dynamodb::Client> MakeClient(const std::string& endpoint) {
  auto transport = net::CurlTransport::Create({});
  if (!transport) return nullptr;
  const auto clock = std::make_shared<aws::SigningClock>(std::make_shared<SystemClock>());
  auto credentials = aws::MakeStaticCredentials(
      aws::Credentials{"test", SecretString("test"), SecretString(), std::nullopt}, clock);
  dynamodb::ClientOptions options;
  options.endpoint_url = endpoint;
  options.region = "us-west-2";
  return std::make_unique<dynamodb::Client>(*std::move(transport), std::move(credentials), clock,
                                            std::move(options));
}

Result<uint64_t> GetItems(dynamodb::Client& client, const std::string& table, int first,
                          int count) {
  uint64_t items = 0;
  for (int i = first; i < first + count; ++i) {
    dynamodb::ScanRequest request;
    request.table_name = table;
    request.keys = std::make_shared<const std::vector<std::string>>(
        1, fmt::format(R"({{"id":{{"N":"{}"}}}})", i));
    SUMAC_ASSIGN_OR_RETURN(const auto page, client.ScanAndWait(request));
    items += page.count;
  }
  return items;
}

int Main(const std::string& endpoint, const std::string& table, int first, int count) {
  const auto client = MakeClient(endpoint);
  if (!client) return 1;
  const SystemClock clock;
  // The first opens the connection.
  auto items = GetItems(*client, table, first, 1);
  const auto begin = clock.MonotonicNow();
  if (items) items = GetItems(*client, table, first, count);
  const std::chrono::duration<double> seconds = clock.MonotonicNow() - begin;
  if (!items) {
    fmt::print(stderr, "error: {}\n", items.error().message);
    return 1;
  }
  fmt::print("{{\"items\":{},\"seconds\":{}}}\n", *items, seconds.count());
  return 0;
}

}  // namespace
}  // namespace sumac::bench

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "usage: get_alone ENDPOINT TABLE FIRST COUNT\n");
    return 2;
  }
  return sumac::bench::Main(argv[1], argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
}
