#include "server/flight/flight_command.h"

#include <duckdb.hpp>
#include <fmt/format.h>
#include <google/protobuf/any.pb.h>

#include "base/printable_text.h"

namespace sumac::server {
namespace {

using google::protobuf::Any;

constexpr std::string_view kSqlPrefix = "type.googleapis.com/arrow.flight.protocol.sql.";
constexpr size_t kShownNameBytes = 60;

// Text can be read as an Any by chance, but not with this type.
bool ReadAny(const std::string& bytes, Any& any) {
  return any.ParseFromString(bytes) && any.type_url().starts_with(kSqlPrefix);
}

// Tries the alternatives of FlightCommand that are messages, from number `Index` on.
template <size_t Index>
Result<FlightCommand> UnpackCommand(const Any& any) {
  if constexpr (Index == std::variant_size_v<FlightCommand>) {
    return Fail(
        ErrorCode::kUnsupported,
        fmt::format("Sumac does not know the command {}; it answers queries and questions "
                    "about tables.",
                    PrintableText(any.type_url().substr(kSqlPrefix.size()), kShownNameBytes)));
  } else {
    std::variant_alternative_t<Index, FlightCommand> command;
    if (any.Is<decltype(command)>()) {
      if (!any.UnpackTo(&command)) {
        return Fail(ErrorCode::kInvalidArgument, "The command's content cannot be read.");
      }
      return FlightCommand(std::move(command));
    }
    return UnpackCommand<Index + 1>(any);
  }
}

Status CheckText(const std::string& sql) {
  if (sql.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument, "The command has no SQL.");
  }
  if (sql.find('\0') != std::string::npos ||
      !duckdb::Value::StringIsValid(sql.data(), sql.size())) {
    return Fail(ErrorCode::kInvalidArgument,
                "The command is neither one of Flight SQL nor SQL in UTF-8.");
  }
  return {};
}

}  // namespace

Result<FlightCommand> ParseFlightCommand(const std::string& bytes) {
  Any any;
  StatementText text;
  if (!ReadAny(bytes, any)) {
    text.sql = bytes;
  } else if (any.Is<flight_sql::CommandStatementQuery>()) {
    flight_sql::CommandStatementQuery query;
    if (!any.UnpackTo(&query)) {
      return Fail(ErrorCode::kInvalidArgument, "The command's content cannot be read.");
    }
    if (!query.transaction_id().empty()) {
      return Fail(ErrorCode::kUnsupported, "Sumac has no transactions.");
    }
    text = {query.query(), "flightsql"};
  } else {
    return UnpackCommand<1>(any);
  }
  SUMAC_RETURN_IF_ERROR(CheckText(text.sql));
  return FlightCommand(std::move(text));
}

template <typename Message>
Result<Message> UnpackMessage(const std::string& bytes) {
  Message message;
  Any any;
  const bool read = ReadAny(bytes, any) ? any.UnpackTo(&message) : message.ParseFromString(bytes);
  if (read) return message;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("The message is no {}.", Message::descriptor()->name()));
}

template Result<flight_sql::ActionCreatePreparedStatementRequest> UnpackMessage(const std::string&);
template Result<flight_sql::ActionClosePreparedStatementRequest> UnpackMessage(const std::string&);
template Result<flight_sql::CommandPreparedStatementQuery> UnpackMessage(const std::string&);

std::string PackMessage(const google::protobuf::Message& message) {
  Any any;
  any.PackFrom(message);
  return any.SerializeAsString();
}

}  // namespace sumac::server
