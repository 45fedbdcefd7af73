// ParallelScan, its streams and its capacity against a simulated service, in virtual time.

#include <deque>
#include <functional>

#include <gtest/gtest.h>

#include "aws/credentials/credentials_cache.h"
#include "dynamodb/parallel_scan.h"
#include "dynamodb/scan_retry.h"
#include "dynamodb/simulated_table.h"

namespace sumac::dynamodb {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A scan and who reads it.
struct Query {
  std::unique_ptr<ParallelScan> scan;
  milliseconds per_page{0};  // that the reader takes for one
  MonotonicTime busy_until;
  MonotonicTime ended_at;
  bool ended = false;
  std::optional<Error> error;
  uint64_t items = 0;
};

class Simulation {
 public:
  explicit Simulation(SimulatedTableOptions options)
      : table(clock, options),
        network(std::make_shared<net::SimulatedNetwork>(
            clock, [this](const net::HttpRequest& request) { return table.Answer(request); })) {
    // The clock of the code under test must outlive it; this object does.
    shared_clock_ = std::shared_ptr<ManualClock>(std::shared_ptr<void>(), &clock);
    signing_clock_ = std::make_shared<aws::SigningClock>(shared_clock_);
    ClientOptions client_options;
    client_options.endpoint_url = "http://127.0.0.1:8000";
    client_options.region = "us-west-2";
    client_options.random_seed = options.seed;
    auto credentials = aws::MakeStaticCredentials(
        aws::Credentials{"AKID", SecretString("secret"), SecretString(), std::nullopt},
        signing_clock_);
    client = std::make_shared<Client>(network, credentials, signing_clock_, client_options);
    capacity = std::make_shared<ReadCapacity>(network, shared_clock_);
    started_at = clock.MonotonicNow();
  }
  ~Simulation() { network->Stop(); }
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  Query& Start(ParallelScanOptions options, milliseconds per_page = milliseconds(0)) {
    ScanRequest request;
    request.table_name = "big";
    options.capacity = capacity;
    auto& query = queries.emplace_back();
    query.scan = std::make_unique<ParallelScan>(client, request, options);
    query.per_page = per_page;
    return query;
  }

  // Until `done`, or every query has ended.
  void Run(const std::function<bool()>& done = [] { return false; }) {
    while (!done()) {
      bool reading = false;
      for (auto& query : queries) {
        Read(query);
        reading |= !query.ended;
      }
      if (!reading) return;
      ASSERT_TRUE(network->RunNext()) << "nothing goes on";
    }
  }

  double Seconds() const {
    return std::chrono::duration<double>(clock.MonotonicNow() - started_at).count();
  }

  ManualClock clock;
  SimulatedTable table;
  std::shared_ptr<net::SimulatedNetwork> network;
  std::shared_ptr<Client> client;
  std::shared_ptr<ReadCapacity> capacity;
  std::deque<Query> queries;
  MonotonicTime started_at;

 private:
  void Read(Query& query) {
    while (!query.ended && clock.MonotonicNow() >= query.busy_until) {
      auto taken = query.scan->TryNext();
      if (!taken) query.error = taken.error();
      if (!taken || taken->at_end) {
        query.ended = true;
        query.ended_at = clock.MonotonicNow();
      } else if (taken->page) {
        query.items += taken->page->count;
        query.busy_until = clock.MonotonicNow() + query.per_page;
        if (query.per_page.count() > 0) network->After(query.per_page, [] {});
      } else {
        return;
      }
    }
  }

  std::shared_ptr<ManualClock> shared_clock_;
  std::shared_ptr<aws::SigningClock> signing_clock_;
};

ParallelScanOptions Segments(int segments, int start, int most) {
  ParallelScanOptions options;
  options.total_segments = segments;
  options.streams = {start, most};
  return options;
}

// How far any 10 s between `from` and `to` are from `rate`, as parts of it: the lowest and the
// highest.
std::pair<double, double> TenSeconds(const Simulation& simulation, double rate, double from,
                                     double to) {
  double lowest = 1e9;
  double highest = 0;
  for (double second = from; second + 10 <= to; second += 0.25) {
    const auto start = simulation.started_at + milliseconds(std::lround(second * 1'000));
    const double part = simulation.table.UnitsBetween(start, start + seconds(10)) / (rate * 10);
    lowest = std::min(lowest, part);
    highest = std::max(highest, part);
  }
  return {lowest, highest};
}

// Two scans with one budget: neither waits for ever, and what they read together is within it.
TEST(ScanSimulationTest, SpendsNoMoreThanItsBudget) {
  const struct {
    double budget;
    double units_per_item;
    bool is_enough;
  } cases[] = {{1, 0, false},     {10, 0, false},       {100, 0.125, false}, {600, 0.125, false},
               {2'450, 0, false}, {2'700, 0.125, true}, {1e9, 0, true}};
  for (const auto& test : cases) {
    SCOPED_TRACE(test.budget);
    SimulatedTableOptions options;
    options.items = 10'000;  // 1,250 units
    options.partitions = 4;
    Simulation simulation(options);
    auto scanning = Segments(8, 2, 16);
    scanning.units_per_item = test.units_per_item;
    scanning.budget = std::make_shared<ReadBudget>(test.budget);
    uint64_t seen = 0;
    scanning.on_page = [&seen](const ScanRequest& request, const Page& page) {
      EXPECT_EQ(request.table_name, "big");
      seen += page.scanned_count;
    };
    simulation.Start(scanning);
    simulation.Start(scanning);
    simulation.Run();
    uint64_t items = 0;
    double units = 0;
    for (const auto& query : simulation.queries) {
      ASSERT_TRUE(query.ended);
      items += query.items;
      units += query.scan->Statistics().consumed_read_units;
      // Who came late to what was left of a budget that was nearly enough may have had its part.
      if (query.error) {
        EXPECT_FALSE(test.is_enough) << query.error->message;
        EXPECT_EQ(query.error->code, ErrorCode::kResourceExhausted);
      }
    }
    if (test.is_enough) {
      EXPECT_EQ(items, 20'000u);
    } else {
      EXPECT_TRUE(simulation.queries[0].error || simulation.queries[1].error);
      EXPECT_GT(units, test.budget * 0.7);
    }
    // All that was bought was handed out.
    EXPECT_EQ(items, seen);
    EXPECT_NEAR(scanning.budget->Spent(), units, 1e-6);
    // The pages are rounded up to half a unit each, of which the estimate knows nothing.
    EXPECT_LE(units, test.budget * 1.02 + 1);
  }
}

TEST(ScanSimulationTest, StaysWithinReadCapacity) {
  for (const double rate : {1.0, 5.0, 60.0, 500.0, 4'000.0, 20'000.0}) {
    for (const int queries : {1, 2, 5}) {
      // As many requests take their time.
      if (rate > 10'000 && queries != 2) continue;
      SCOPED_TRACE(std::to_string(rate) + " RCU/s, queries: " + std::to_string(queries));
      SimulatedTableOptions options;
      options.items = static_cast<uint64_t>(rate * 8 * 40);
      options.partitions = 16;
      Simulation simulation(options);
      simulation.capacity->SetLimit("big", rate);
      for (int i = 0; i < queries; ++i) simulation.Start(Segments(i == 1 ? 500 : 64, 2, 64));
      simulation.Run([&] { return simulation.Seconds() > 30; });
      const auto [lowest, highest] = TenSeconds(simulation, rate, 2, simulation.Seconds());
      std::printf("  %.0f RCU/s, %d queries: %.3f to %.3f of it in any 10 s\n", rate, queries,
                  lowest, highest);
      EXPECT_GE(lowest, 0.95);
      EXPECT_LE(highest, 1.05);
    }
  }
}

// What is read from the beginning, as a part of what the service could have given.
TEST(ScanSimulationTest, ReachesTheBoundOfTheService) {
  struct Case {
    const char* what;
    SimulatedTableOptions options;
    double bound;
    int start;
    int most;
  };
  SimulatedTableOptions throttling;
  throttling.items = 6'400'000;
  throttling.partitions = 64;
  throttling.table_units_per_second = 40'000;
  SimulatedTableOptions slowing = throttling;
  slowing.table_units_per_second = 0;
  slowing.served_units_per_second = 40'000;
  SimulatedTableOptions few = throttling;
  few.table_units_per_second = 0;
  few.partitions = 4;
  few.items = 1'920'000;
  const Case cases[] = {
      {"64 partitions, throttled at 40,000 RCU/s", throttling, 40'000, 4, 128},
      {"64 partitions, slowed to 40,000 RCU/s", slowing, 40'000, 4, 128},
      {"4 partitions of 3,000 RCU/s", few, 12'000, 2, 16},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.what);
    Simulation simulation(test.options);
    // As many as there are pieces of 4 MiB.
    auto& query = simulation.Start(
        Segments(static_cast<int>(test.options.items / 4'096 + 1), test.start, test.most));
    simulation.Run();
    ASSERT_FALSE(query.error) << query.error->message;
    EXPECT_EQ(query.items, test.options.items);
    const double part =
        static_cast<double>(test.options.items) / 8 / test.bound / simulation.Seconds();
    const auto statistics = query.scan->Statistics();
    std::printf("  %s: %.3f of it over %.1f s; %d streams at most, %lu throttles of %lu requests\n",
                test.what, part, simulation.Seconds(), statistics.streams_most,
                simulation.table.throttles, simulation.table.requests);
    EXPECT_GE(part, 0.95);
    EXPECT_LE(statistics.throttles_of_table, simulation.table.requests / 20);
  }
}

// A hot partition takes its time; the others are read as if it were not there.
TEST(ScanSimulationTest, AHotKeyRangeHoldsUpItsSegmentsOnly) {
  SimulatedTableOptions options;
  options.items = 480'000;
  options.partitions = 16;
  const auto cold_seconds = [&](double hot_limit) {
    options.partition_limits = {{5, hot_limit}};
    Simulation simulation(options);
    auto& query = simulation.Start(Segments(120, 4, 64));
    simulation.Run();
    EXPECT_EQ(query.items, options.items);
    EXPECT_EQ(simulation.capacity->UnitsPerSecond(), std::nullopt);
    MonotonicTime last = simulation.started_at;
    for (const auto& page : simulation.table.consumed) {
      if (simulation.table.PartitionOf(page.first) != 5) last = std::max(last, page.at);
    }
    const auto statistics = query.scan->Statistics();
    EXPECT_EQ(statistics.throttles_of_table, 0u);
    EXPECT_EQ(statistics.throttles_of_key_range, simulation.table.throttles);
    const double cold = std::chrono::duration<double>(last - simulation.started_at).count();
    std::printf("  hot partition at %.0f RCU/s: all in %.1f s, the others in %.1f s\n", hot_limit,
                simulation.Seconds(), cold);
    return cold;
  };
  const double without = cold_seconds(3'000);
  EXPECT_LE(cold_seconds(200), without * 1.25);
}

// The table's limit: what it gives is used, with few refusals, and both have half of it.
TEST(ScanSimulationTest, ATableLimitLowersAllItsScans) {
  for (const char* reason :
       {"TableReadProvisionedThroughputExceeded", "TableReadAccountLimitExceeded"}) {
    SimulatedTableOptions options;
    options.items = 480'000;
    options.partitions = 8;
    options.table_units_per_second = 2'000;
    options.table_reason = reason;
    Simulation simulation(options);
    auto& first = simulation.Start(Segments(117, 2, 32));
    auto& second = simulation.Start(Segments(117, 2, 4));
    simulation.Run([&] { return simulation.Seconds() > 25; });
    const double used =
        simulation.table.UnitsBetween(simulation.started_at, simulation.clock.MonotonicNow()) /
        (2'000 * simulation.Seconds());
    std::printf("  %s: %.3f of it used; %lu and %lu items; %lu throttles of %lu requests\n", reason,
                used, first.items, second.items, simulation.table.throttles,
                simulation.table.requests);
    EXPECT_GE(used, 0.93);
    EXPECT_NEAR(static_cast<double>(first.items) / static_cast<double>(second.items), 1, 0.25);
    EXPECT_LE(simulation.table.throttles, simulation.table.requests / 10);
    EXPECT_GT(second.scan->Statistics().capacity_wait, milliseconds(0));
  }
}

// Somebody else takes the table's capacity, then leaves it again.
TEST(ScanSimulationTest, ScansOfOneTableShareItsCapacity) {
  SimulatedTableOptions options;
  options.items = 480'000;
  options.partitions = 8;
  Simulation simulation(options);
  simulation.capacity->SetLimit("big", 1'000);
  auto& first = simulation.Start(Segments(117, 2, 64));
  simulation.Run([&] { return simulation.Seconds() >= 10; });
  const auto before = first.items;
  auto& second = simulation.Start(Segments(10, 2, 2));
  auto& third = simulation.Start(Segments(1, 1, 1));
  simulation.Run([&] { return simulation.Seconds() >= 40; });
  const double fair = 1'000 * 8 * 30 / 3.0;
  std::printf("  a third is %.0f items: %lu, %lu, %lu\n", fair, first.items - before, second.items,
              third.items);
  for (const auto items : {first.items - before, second.items, third.items}) {
    EXPECT_NEAR(static_cast<double>(items), fair, fair * 0.1);
  }
}

TEST(ScanSimulationTest, DoesNotFloodAServerNearby) {
  SimulatedTableOptions options;
  options.items = 2'000'000;
  options.partitions = 64;
  options.partition_units_per_second = 1e9;
  options.latency = milliseconds(2);
  options.served_units_per_second = 64'000;
  Simulation simulation(options);
  auto& query = simulation.Start(Segments(489, 2, 64));
  simulation.Run();
  EXPECT_EQ(query.items, options.items);
  const double part = 250'000 / 64'000.0 / simulation.Seconds();
  std::printf("  %d streams at most, %.3f of what it gives\n",
              query.scan->Statistics().streams_most, part);
  EXPECT_LE(query.scan->Statistics().streams_most, 12);
  EXPECT_GE(part, 0.9);
}

// Streams are not added for a reader that has pages to read.
TEST(ScanSimulationTest, ASlowReaderHasFewStreams) {
  SimulatedTableOptions options;
  options.items = 1'000'000;
  options.partitions = 64;
  Simulation simulation(options);
  auto& query = simulation.Start(Segments(245, 2, 64), milliseconds(25));
  simulation.Run();
  EXPECT_EQ(query.items, options.items);
  const double pages = static_cast<double>(query.scan->Statistics().pages);
  std::printf("  %d streams at most; the reader was busy for %.3f of the time\n",
              query.scan->Statistics().streams_most, pages * 0.025 / simulation.Seconds());
  EXPECT_LE(query.scan->Statistics().streams_most, 16);
  EXPECT_GE(pages * 0.025 / simulation.Seconds(), 0.9);
}

// Each failure costs the page it struck, and nothing is read twice or left out.
TEST(ScanSimulationTest, ALostConnectionCostsOnePage) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SimulatedTableOptions options;
    options.items = 200'000;
    options.partitions = 16;
    options.failures = 0.2;
    options.seed = seed;
    Simulation simulation(options);
    auto& query = simulation.Start(Segments(20, 2, 16));
    simulation.Run();
    ASSERT_FALSE(query.error) << query.error->message;
    EXPECT_EQ(query.items, options.items);
    const auto statistics = query.scan->Statistics();
    EXPECT_GT(statistics.failures, 10u);
    EXPECT_EQ(statistics.failures, simulation.table.failures);
    EXPECT_EQ(simulation.table.requests,
              statistics.pages + simulation.table.failures + simulation.table.throttles);
  }
}

TEST(ScanSimulationTest, AServiceThatIsGoneEndsIt) {
  SimulatedTableOptions options;
  options.failures = 1;
  Simulation simulation(options);
  auto& query = simulation.Start(Segments(1, 1, 1));
  simulation.Run();
  ASSERT_TRUE(query.error);
  EXPECT_EQ(query.error->code, ErrorCode::kUnavailable);
  EXPECT_TRUE(query.error->message.ends_with("; gave up after 12 attempts"))
      << query.error->message;
  EXPECT_EQ(simulation.table.requests, static_cast<uint64_t>(kPageAttemptsMax));
}

// Throttles have no end of their own: the query's is the only one.
TEST(ScanSimulationTest, ThrottlesAreWaitedOutUntilTheDeadline) {
  for (const bool table : {true, false}) {
    SimulatedTableOptions options;
    options.partition_units_per_second = 1e-6;
    options.table_units_per_second = table ? 1e-6 : 0;
    Simulation simulation(options);
    auto scan = Segments(4, 2, 4);
    scan.deadline = simulation.clock.MonotonicNow() + std::chrono::minutes(5);
    auto& query = simulation.Start(scan);
    simulation.Run();
    ASSERT_TRUE(query.error);
    EXPECT_EQ(query.error->code, ErrorCode::kDeadlineExceeded);
    EXPECT_GE(simulation.Seconds(), 300);
    EXPECT_LE(simulation.Seconds(), 305);
    // Without storming: a few requests a second.
    EXPECT_LE(simulation.table.requests, 300u * 10);
  }
}

// Ten rows are wanted: the reader stops after the first page.
TEST(ScanSimulationTest, AFewRowsCostFewPages) {
  SimulatedTableOptions options;
  options.items = 6'400'000;
  options.partitions = 64;
  Simulation simulation(options);
  auto& query = simulation.Start(Segments(1'563, 4, 128), milliseconds(2));
  simulation.Run([&] { return query.items > 0; });
  query.scan.reset();
  simulation.network->RunNext();
  EXPECT_LE(simulation.table.requests, 8u);
  const auto requests = simulation.table.requests;
  while (simulation.network->RunNext()) {
  }
  EXPECT_EQ(simulation.table.requests, requests);
}

TEST(ScanSimulationTest, ProgressIsHonest) {
  for (const uint64_t expected :
       {uint64_t{0}, uint64_t{1'000}, uint64_t{500'000}, uint64_t{100'000'000}}) {
    SimulatedTableOptions options;
    options.items = 500'000;
    options.partitions = 16;
    Simulation simulation(options);
    auto scan = Segments(122, 2, 64);
    scan.items_expected = expected;
    auto& query = simulation.Start(scan);
    double last = 0;
    simulation.Run([&] {
      const auto progress = query.scan->Progress();
      if (!progress.fraction) return false;
      EXPECT_GE(*progress.fraction, last);
      last = *progress.fraction;
      if (progress.segments_done < 122) {
        EXPECT_LT(last, 1);
      }
      const double truth = static_cast<double>(progress.statistics.items_scanned) / 500'000;
      if (truth > 0.5) {
        EXPECT_NEAR(last, truth, 0.1) << expected;
      }
      return false;
    });
    const auto progress = query.scan->Progress();
    EXPECT_EQ(progress.fraction, 1.0);
    EXPECT_EQ(progress.segments_done, 122);
    EXPECT_EQ(progress.time_left, milliseconds(0));
  }
}

}  // namespace
}  // namespace sumac::dynamodb
