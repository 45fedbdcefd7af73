#include "engine/reader_gate.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "engine/query_state.h"

namespace sumac::engine {
namespace {

using std::chrono::milliseconds;

class ReaderGateTest : public testing::Test {
 protected:
  // A query of its own, that has entered until `End`.
  struct Reader {
    explicit Reader(duckdb::DuckDB& database) : connection(database) {}
    duckdb::ClientContext& context() { return *connection.context; }
    void End() { QueryState::Of(context()).QueryEnd(context()); }

    duckdb::Connection connection;
  };

  duckdb::DuckDB database_{nullptr};
  ReaderGate::Time now_{std::chrono::hours(1)};
  const std::shared_ptr<ReaderGate> gate_ = std::make_shared<ReaderGate>([this] { return now_; });
};

TEST_F(ReaderGateTest, ClosesWhenNobodyIsIn) {
  Reader first(database_);
  Reader second(database_);
  gate_->Enter(first.context());
  gate_->Enter(first.context());
  gate_->Enter(second.context());
  EXPECT_EQ(gate_->TryClose(milliseconds(0)), nullptr);
  first.End();
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(gate_->TryClose(milliseconds(1)), nullptr);
  second.End();
  const auto closed = gate_->TryClose(milliseconds(0));
  EXPECT_NE(closed, nullptr);
  EXPECT_EQ(gate_->TryClose(milliseconds(0)), nullptr);
}

TEST_F(ReaderGateTest, WaitsForThoseWhoAreIn) {
  Reader reader(database_);
  gate_->Enter(reader.context());
  std::thread ends([&] { reader.End(); });
  EXPECT_NE(gate_->TryClose(std::chrono::seconds(20)), nullptr);
  ends.join();
}

TEST_F(ReaderGateTest, DoesNotWaitForOneWhoIsSlow) {
  Reader slow(database_);
  gate_->Enter(slow.context());
  now_ += milliseconds(1001);
  // It would take an hour.
  EXPECT_EQ(gate_->TryClose(std::chrono::hours(1)), nullptr);
  slow.End();
  EXPECT_NE(gate_->TryClose(milliseconds(0)), nullptr);
}

TEST_F(ReaderGateTest, DoesNotWaitInVainAgainAndAgain) {
  Reader reader(database_);
  gate_->Enter(reader.context());
  EXPECT_EQ(gate_->TryClose(milliseconds(1)), nullptr);
  EXPECT_EQ(gate_->TryClose(std::chrono::hours(1)), nullptr);
  reader.End();
  EXPECT_NE(gate_->TryClose(milliseconds(0)), nullptr);
}

TEST_F(ReaderGateTest, NobodyReadsWhatIsBroken) {
  Reader in(database_);
  Reader late(database_);
  gate_->Enter(in.context());
  gate_->Break(UserError(ErrorCode::kInternal, "it is broken"));
  gate_->Enter(in.context());
  EXPECT_THROW(gate_->Enter(late.context()), duckdb::IOException);
  EXPECT_EQ(QueryState::Of(late.context()).TakeError()->message, "it is broken");
}

TEST_F(ReaderGateTest, WhoComesWhileItIsClosedWaits) {
  Reader reader(database_);
  auto closed = gate_->TryClose(milliseconds(0));
  ASSERT_NE(closed, nullptr);
  std::atomic<bool> opened = false;
  std::atomic<bool> was_open = false;
  std::thread enters([&] {
    gate_->Enter(reader.context());
    was_open = opened.load();
  });
  opened = true;
  closed.reset();
  enters.join();
  EXPECT_TRUE(was_open);
  EXPECT_EQ(gate_->TryClose(milliseconds(0)), nullptr);
  reader.End();
  EXPECT_NE(gate_->TryClose(milliseconds(0)), nullptr);
}

TEST_F(ReaderGateTest, AnInterruptedQueryDoesNotWait) {
  Reader reader(database_);
  const auto closed = gate_->TryClose(milliseconds(0));
  ASSERT_NE(closed, nullptr);
  reader.context().interrupted = true;
  EXPECT_THROW(gate_->Enter(reader.context()), duckdb::InterruptException);
}

TEST_F(ReaderGateTest, OneIsInSeveral) {
  const auto other = std::make_shared<ReaderGate>();
  Reader reader(database_);
  gate_->Enter(reader.context());
  EXPECT_NE(other->TryClose(milliseconds(0)), nullptr);
  other->Enter(reader.context());
  EXPECT_EQ(other->TryClose(milliseconds(0)), nullptr);
  reader.End();
  EXPECT_NE(gate_->TryClose(milliseconds(0)), nullptr);
  EXPECT_NE(other->TryClose(milliseconds(0)), nullptr);
}

// One that left the database without an end of its query is out, too.
TEST_F(ReaderGateTest, WhoIsGoneIsOut) {
  {
    Reader reader(database_);
    gate_->Enter(reader.context());
  }
  EXPECT_NE(gate_->TryClose(milliseconds(0)), nullptr);
}

}  // namespace
}  // namespace sumac::engine
