#include "server/flight/flight_command.h"

#include <gmock/gmock.h>
#include <google/protobuf/any.pb.h>

namespace sumac::server {
namespace {

TEST(FlightCommand, IsTextOrAMessage) {
  const auto raw = ParseFlightCommand("SELECT 1");
  ASSERT_TRUE(raw.has_value());
  EXPECT_EQ(std::get<StatementText>(*raw).sql, "SELECT 1");
  EXPECT_STREQ(std::get<StatementText>(*raw).protocol, "flight");

  flight_sql::CommandStatementQuery query;
  query.set_query("SELECT 2");
  const auto packed = ParseFlightCommand(PackMessage(query));
  ASSERT_TRUE(packed.has_value());
  EXPECT_EQ(std::get<StatementText>(*packed).sql, "SELECT 2");
  EXPECT_STREQ(std::get<StatementText>(*packed).protocol, "flightsql");

  flight_sql::CommandGetTables tables;
  tables.set_table_name_filter_pattern("u%");
  const auto command = ParseFlightCommand(PackMessage(tables));
  ASSERT_TRUE(command.has_value());
  EXPECT_EQ(std::get<flight_sql::CommandGetTables>(*command).table_name_filter_pattern(), "u%");
}

TEST(FlightCommand, SaysWhatIsWrong) {
  struct Case {
    std::string bytes;
    const char* message;
  };
  google::protobuf::Any substrait;
  substrait.set_type_url(
      "type.googleapis.com/arrow.flight.protocol.sql.CommandStatementSubstraitPlan");
  google::protobuf::Any broken;
  broken.set_type_url("type.googleapis.com/arrow.flight.protocol.sql.CommandGetTables");
  broken.set_value("\x12\xff");
  flight_sql::CommandStatementQuery in_transaction;
  in_transaction.set_query("SELECT 1");
  in_transaction.set_transaction_id("t");
  flight_sql::CommandStatementQuery blank;
  blank.set_query(" \n");
  const Case cases[] = {
      {"", "has no SQL"},
      {" ", "has no SQL"},
      {PackMessage(blank), "has no SQL"},
      {"\xff\xfe", "neither one of Flight SQL nor SQL"},
      {std::string("SELECT 1\0", 9), "neither one of Flight SQL nor SQL"},
      {substrait.SerializeAsString(), "does not know the command CommandStatementSubstraitPlan"},
      {broken.SerializeAsString(), "cannot be read"},
      {PackMessage(in_transaction), "no transactions"},
  };
  for (const Case& test : cases) {
    const auto command = ParseFlightCommand(test.bytes);
    ASSERT_FALSE(command.has_value()) << test.message;
    EXPECT_THAT(command.error().message, testing::HasSubstr(test.message));
  }
}

TEST(UnpackMessage, TakesAnAnyOrTheMessage) {
  flight_sql::ActionCreatePreparedStatementRequest request;
  request.set_query("SELECT 1");
  for (const std::string& bytes : {PackMessage(request), request.SerializeAsString()}) {
    const auto read = UnpackMessage<flight_sql::ActionCreatePreparedStatementRequest>(bytes);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->query(), "SELECT 1");
  }
  EXPECT_FALSE(
      UnpackMessage<flight_sql::ActionCreatePreparedStatementRequest>("\x0a\xff").has_value());
}

}  // namespace
}  // namespace sumac::server
