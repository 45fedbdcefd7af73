#include "datasets/schema_sampler.h"

#include <mutex>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/credentials_cache.h"
#include "fake_dynamodb/scan_request.h"
#include "fake_dynamodb/table.h"
#include "net/fake_transport.h"

namespace sumac::datasets {
namespace {

using fake_dynamodb::ScanParameters;

// `count` items; number `i` has what `more(i)` says besides its key.
fake_dynamodb::TableDefinition Items(int count, const std::function<std::string(int)>& more) {
  fake_dynamodb::TableDefinition table{.name = "users", .keys = {{"id", 'N'}}};
  for (int i = 0; i < count; ++i) {
    table.items.push_back(fmt::format(R"({{"id":{{"N":"{}"}}{}}})", i, more(i)));
  }
  return table;
}

std::string Nothing(int) {
  return "";
}

// A table behind a transport that answers in an order drawn from a seed.
class Setting {
 public:
  Setting(fake_dynamodb::TableDefinition definition, uint64_t seed)
      : clock_(std::make_shared<ManualClock>()) {
    description_.name = definition.name;
    description_.keys = {{"id", dynamodb::KeyType::kNumber}};
    description_.item_count = definition.items.size();
    table_ = fake_dynamodb::Table::Make(std::move(definition)).value();
    transport_ = std::make_shared<net::FakeTransport>(
        *clock_, [this](const net::HttpRequest& request) { return Answer(request); }, seed);
    dynamodb::ClientOptions options;
    options.endpoint_url = "http://127.0.0.1:8000";
    options.region = "us-west-2";
    options.random_seed = seed;
    auto signing_clock = std::make_shared<aws::SigningClock>(clock_);
    auto credentials = aws::MakeStaticCredentials(
        aws::Credentials{"AKID", SecretString("secret"), SecretString(), std::nullopt},
        signing_clock);
    client_ = std::make_shared<dynamodb::Client>(transport_, credentials, signing_clock, options);
  }
  ~Setting() { transport_->Stop(); }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  Result<SchemaSample> Sample(std::optional<uint64_t> items_max,
                              const std::atomic<bool>* cancelled = nullptr) {
    SampleOptions options;
    options.items_max = items_max;
    options.scan.total_segments = 4;
    options.scan.streams = {4, 4};
    return SampleSchema(client_, description_, options, cancelled);
  }

  // Every `period`-th request meets a throttle.
  void Throttle(int period) { throttle_period_ = period; }

  // What was asked for, in no order.
  std::multiset<std::string> Asked() const {
    std::lock_guard lock(mutex_);
    return asked_;
  }

  dynamodb::TableDescription description_;
  std::shared_ptr<net::FakeTransport> transport_;

 private:
  std::optional<Result<net::HttpResponse>> Answer(const net::HttpRequest& request) {
    net::HttpResponse response;
    if (throttle_period_ > 0 && ++requests_ % throttle_period_ == 0) {
      response.status = 400;
      response.body =
          R"({"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"})";
      return response;
    }
    const auto parameters = fake_dynamodb::ParseScan(request.body);
    EXPECT_TRUE(parameters.has_value()) << request.body;
    const auto page = table_->Scan(*parameters);
    EXPECT_TRUE(page.has_value());
    response.status = 200;
    response.body = (*page)->Text();
    std::lock_guard lock(mutex_);
    asked_.insert(fmt::format("{}/{} limit {} from {}", parameters->segment,
                              parameters->total_segments, parameters->limit.value_or(0),
                              parameters->exclusive_start_key));
    return response;
  }

  const std::shared_ptr<ManualClock> clock_;
  std::unique_ptr<fake_dynamodb::Table> table_;
  std::shared_ptr<dynamodb::Client> client_;
  std::atomic<int> throttle_period_ = 0;
  int requests_ = 0;  // of the transport's thread
  mutable std::mutex mutex_;
  std::multiset<std::string> asked_;  // guarded
};

std::string ColumnsOf(const SchemaSample& sample) {
  std::string text;
  for (const auto& column : sample.schema.columns) {
    text += column.sql_name + " " + column.shape.type.ToString() + "; ";
  }
  return text;
}

// Which answer comes first, and throttles between, change nothing.
TEST(SchemaSamplerTest, IsAFunctionOfTheTable) {
  const auto more = [](int i) {
    return fmt::format(R"(,"a{}":{{"N":"{}.5"}},"b":{{"M":{{"c{}":{{"S":"x"}}}}}})", i % 97, i,
                       i % 211);
  };
  std::string columns;
  std::multiset<std::string> asked;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Setting setting(Items(3'000, more), seed);
    if (seed % 3 == 0) setting.Throttle(static_cast<int>(2 + seed % 5));
    const auto sample = setting.Sample(1'000);
    ASSERT_TRUE(sample) << sample.error().message;
    EXPECT_EQ(sample->items, 1'000u);
    EXPECT_EQ(sample->requests, 40u);
    if (seed == 1) {
      columns = ColumnsOf(*sample);
      asked = setting.Asked();
    }
    EXPECT_EQ(ColumnsOf(*sample), columns);
    EXPECT_EQ(setting.Asked(), asked);
  }
}

// The last item of the whole order of hashes is far from the first pages.
TEST(SchemaSamplerTest, FindsWhatOnlyTheLastSegmentHas) {
  auto definition = Items(4'000, Nothing);
  Setting plain(definition, 1);
  ASSERT_EQ(ColumnsOf(*plain.Sample(1'000)), "id BIGINT; ");

  // Gives the attribute to the items that segment 7 of 8 begins with.
  const auto table = fake_dynamodb::Table::Make(definition).value();
  ScanParameters parameters;
  parameters.table_name = "users";
  parameters.segment = 7;
  parameters.total_segments = 8;
  parameters.limit = 20;
  const std::string page = (*table->Scan(parameters))->Text();
  int rare = 0;
  for (auto& item : definition.items) {
    if (page.find(item) == std::string::npos) continue;
    item.insert(item.size() - 1, R"(,"rare":{"S":"x"})");
    ++rare;
  }
  ASSERT_EQ(rare, 20);
  Setting setting(definition, 1);
  EXPECT_EQ(ColumnsOf(*setting.Sample(1'000)), "id BIGINT; rare VARCHAR; ");
}

TEST(SchemaSamplerTest, StopsWhenNothingIsNew) {
  Setting setting(Items(4'000, Nothing), 1);
  const auto sample = setting.Sample(1'000);
  ASSERT_TRUE(sample);
  EXPECT_TRUE(sample->stopped_early);
  EXPECT_FALSE(sample->whole_table);
  // One round that brought the first columns, then the quiet ones.
  EXPECT_EQ(sample->requests, 8u * (1 + kQuietRounds));
  EXPECT_EQ(sample->items, 25 * sample->requests);
}

struct BoundCase {
  int items;
  uint64_t item_count;  // as DescribeTable says it
  std::optional<uint64_t> items_max;
  uint64_t items_read;
  uint64_t requests;
  bool whole_table;
};

TEST(SchemaSamplerTest, KeepsItsBounds) {
  const BoundCase cases[] = {
      // One request for a table that it shows whole, whatever DescribeTable says.
      {0, 0, 1'000, 0, 1, true},
      {99, 0, 1'000, 99, 1, true},
      {99, 99, 1'000, 99, 1, true},
      {99, 7, std::nullopt, 99, 1, true},
      // The maximum ends it, tiny as it may be.
      {500, 0, 1, 1, 1, false},
      {500, 0, 100, 100, 1, false},
      {500, 500, 1, 1, 1, false},
      {500, 500, 7, 7, 5, false},
      {500, 500, 39, 39, 35, false},
      {500, 500, 100, 100, 40, false},
      // The probe counts towards it.
      {5'000, 0, 333, 333, 41, false},
      // A table that is smaller than the maximum is read whole, the probe's items twice.
      {300, 0, 10'000, 300, 9, true},
      {300, 300, 10'000, 300, 8, true},
      {300, 0, std::nullopt, 300, 5, true},
      {300, 300, std::nullopt, 300, 4, true},
      // A count that is far too high.
      {99, 1'000'000, 1'000, 99, 8, true},
  };
  for (const auto& bound : cases) {
    SCOPED_TRACE(fmt::format("{} items, {} said, {} wanted", bound.items, bound.item_count,
                             bound.items_max.value_or(0)));
    // Each item brings something, so that nothing ends it early.
    const auto more = [](int i) { return fmt::format(R"(,"a{}":{{"S":""}})", i); };
    Setting setting(Items(bound.items, more), 1);
    setting.description_.item_count = bound.item_count;
    const auto sample = setting.Sample(bound.items_max);
    ASSERT_TRUE(sample) << sample.error().message;
    EXPECT_EQ(sample->items, bound.items_read);
    EXPECT_EQ(sample->requests, bound.requests);
    EXPECT_EQ(sample->requests, setting.Asked().size());
    EXPECT_GE(sample->consumed_read_units, 0.5 * static_cast<double>(bound.requests));
    EXPECT_EQ(sample->whole_table, bound.whole_table);
    EXPECT_FALSE(sample->stopped_early);
  }
}

// Without a maximum nothing is left out, however long nothing is new.
TEST(SchemaSamplerTest, ReadsAllWhenAsked) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    auto definition =
        Items(2'000, [](int i) { return i == 1'234 ? R"(,"rare":{"N":"0.1"})" : ""; });
    definition.page_items_max = 10;
    Setting setting(std::move(definition), seed);
    const auto sample = setting.Sample(std::nullopt);
    ASSERT_TRUE(sample) << sample.error().message;
    EXPECT_EQ(ColumnsOf(*sample), "id BIGINT; rare DOUBLE; ");
    EXPECT_EQ(sample->items, 2'000u);
    for (const auto& asked : setting.Asked()) EXPECT_THAT(asked, testing::HasSubstr("/4 limit 0 "));
  }
}

TEST(SchemaSamplerTest, EndsWhenCancelled) {
  for (const std::optional<uint64_t> items_max : {std::optional<uint64_t>(1'000), {}}) {
    Setting setting(Items(1'000, Nothing), 1);
    setting.transport_->Hold(true);
    std::atomic<bool> cancelled = false;
    std::thread sampler([&] {
      const auto sample = setting.Sample(items_max, &cancelled);
      ASSERT_FALSE(sample);
      EXPECT_EQ(sample.error().code, ErrorCode::kCancelled);
    });
    setting.transport_->AwaitRequests(items_max ? 8 : 4);
    cancelled = true;
    sampler.join();
    setting.transport_->AwaitNothing();
    EXPECT_TRUE(setting.Asked().empty());
  }
}

}  // namespace
}  // namespace sumac::datasets
