#include "server/client/server_client.h"

#include <gtest/gtest.h>

#include "net/curl_transport.h"
#include "server/http/fake_backend.h"
#include "server/http/http_server.h"

namespace sumac::server {
namespace {

// A client of a server over a backend that a test scripts.
class ServerClientTest : public testing::Test {
 protected:
  void SetUp() override {
    auto transport = net::CurlTransport::Create({});
    ASSERT_TRUE(transport.has_value());
    transport_ = std::move(*transport);
    HttpServerOptions options;
    options.listen = "127.0.0.1:0";
    auto server = HttpServer::Start(options, backend_, clock_);
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
  }

  ServerClient Client() const { return *ServerClient::Create(transport_, server_->address()); }

  std::shared_ptr<net::Transport> transport_;
  std::shared_ptr<FakeBackend> backend_ = std::make_shared<FakeBackend>();
  ManualClock clock_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ServerClientTest, ListsDatasets) {
  const auto datasets = Client().Datasets(nullptr);
  ASSERT_TRUE(datasets.has_value()) << datasets.error().message;
  ASSERT_EQ(datasets->size(), 1);
  EXPECT_EQ(datasets->front().name, "users");
  EXPECT_EQ(datasets->front().from, "dynamodb:users");
  EXPECT_EQ(datasets->front().state, "Initializing");
  EXPECT_EQ(datasets->front().error_message, "");
}

TEST_F(ServerClientTest, TellsOfCopies) {
  EXPECT_FALSE(Client().Datasets(nullptr)->front().copy.has_value());
  const WallTime read_at{std::chrono::milliseconds(1'795'546'184'050)};
  backend_->accelerated = true;
  backend_->SetCopy(datasets::CopyStatus{12'480, 1'258'291, read_at},
                    read_at + std::chrono::seconds(60));
  clock_.Advance(std::chrono::duration_cast<std::chrono::milliseconds>(read_at.time_since_epoch()) +
                 std::chrono::milliseconds(12'345));
  const auto datasets = Client().Datasets(nullptr);
  ASSERT_TRUE(datasets.has_value()) << datasets.error().message;
  const auto& users = datasets->front();
  EXPECT_TRUE(users.acceleration_enabled);
  ASSERT_TRUE(users.copy.has_value());
  EXPECT_EQ(users.copy->rows, 12'480u);
  EXPECT_EQ(users.copy->bytes, 1'258'291u);
  EXPECT_EQ(users.copy->read_at, read_at);
  EXPECT_EQ(users.copy->age, std::chrono::milliseconds(12'345));
  EXPECT_EQ(users.copy->ListedAt(), clock_.WallNow());
  EXPECT_EQ(users.next_refresh, read_at + std::chrono::seconds(60));
}

TEST_F(ServerClientTest, AsksForARefreshOfACopy) {
  auto client = Client();
  EXPECT_EQ(client.RefreshCopy("orders", {}, nullptr).error().code, ErrorCode::kNotFound);
  auto asked = client.RefreshCopy("users", {}, nullptr);
  EXPECT_EQ(asked.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(asked.error().message, "Dataset users does not have acceleration enabled");
  backend_->accelerated = true;
  asked = client.RefreshCopy("users", {}, nullptr);
  ASSERT_TRUE(asked.has_value()) << asked.error().message;
  EXPECT_EQ(*asked, "Dataset refresh triggered for users.");
  asked = client.RefreshCopy("users", {"SELECT \"a\"\nFROM users", "append"}, nullptr);
  ASSERT_TRUE(asked.has_value()) << asked.error().message;
  EXPECT_EQ(backend_->refresh_overrides.refresh_sql, "SELECT \"a\"\nFROM users");
  EXPECT_EQ(backend_->refresh_overrides.refresh_mode, spicepod::RefreshMode::kAppend);
  EXPECT_EQ(backend_->refreshes_requested, 2);
}

TEST_F(ServerClientTest, RefreshesASchema) {
  backend_->schema_change =
      datasets::SchemaChange{{"a", "b"}, {"c"}, {{"age", "BIGINT", "DOUBLE"}}};
  const auto refreshed = Client().RefreshSchema("users", nullptr);
  ASSERT_TRUE(refreshed.has_value()) << refreshed.error().message;
  EXPECT_NE(refreshed->message.find("2 columns added"), std::string::npos);
  EXPECT_EQ(refreshed->change.added, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(refreshed->change.removed, std::vector<std::string>{"c"});
  ASSERT_EQ(refreshed->change.changed_types.size(), 1);
  EXPECT_EQ(refreshed->change.changed_types[0].to, "DOUBLE");
}

TEST_F(ServerClientTest, SaysWhatWentWrong) {
  auto client = Client();
  auto refreshed = client.RefreshSchema("us ers/", nullptr);
  ASSERT_FALSE(refreshed.has_value());
  EXPECT_EQ(refreshed.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(refreshed.error().message, "There is no dataset \"us ers/\". Did you mean \"users\"?");
  backend_->schema_change = Fail(ErrorCode::kUnavailable, "the service is away");
  refreshed = client.RefreshSchema("users", nullptr);
  ASSERT_FALSE(refreshed.has_value());
  EXPECT_EQ(refreshed.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(refreshed.error().message, "the service is away");

  server_.reset();
  const auto datasets = client.Datasets(nullptr);
  ASSERT_FALSE(datasets.has_value());
  EXPECT_EQ(datasets.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(datasets.error().message.find("no Sumac answers at http://127.0.0.1:"),
            std::string::npos)
      << datasets.error().message;
  EXPECT_NE(datasets.error().message.find("--http"), std::string::npos);
}

TEST_F(ServerClientTest, KnowsWhatIsNoSumac) {
  HttpServerOptions options;
  options.listen = "127.0.0.1:0";
  options.interface = Interface::kMetrics;
  auto metrics = HttpServer::Start(options, backend_, clock_);
  ASSERT_TRUE(metrics.has_value());
  auto client = *ServerClient::Create(transport_, "http://" + (*metrics)->address() + "/");
  EXPECT_EQ(client.Datasets(nullptr).error().code, ErrorCode::kNotFound);
}

TEST_F(ServerClientTest, RefusesWhatIsNoAddress) {
  for (const char* address : {"", "http://", "ftp://h", "h:1/path", "http://u:p@h", "a b", "h?x"}) {
    const auto client = ServerClient::Create(transport_, address);
    ASSERT_FALSE(client.has_value()) << address;
    EXPECT_EQ(client.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(ServerClient::Create(transport_, "[::1]:8090").has_value());
}

}  // namespace
}  // namespace sumac::server
