// What a client asks for: the command of a descriptor, or of a ticket, which are the same bytes.
#pragma once

#include <string>
#include <variant>

#include "base/result.h"
#include "flight_sql.pb.h"

namespace sumac::server {

namespace flight_sql = arrow::flight::protocol::sql;

// SQL to run: of CommandStatementQuery, or the command's bytes themselves, as Spice's clients send
// it.
struct StatementText {
  std::string sql;
  // "flight" or "flightsql".
  const char* protocol = "flight";
};

using FlightCommand =
    std::variant<StatementText, flight_sql::CommandPreparedStatementQuery,
                 flight_sql::CommandGetCatalogs, flight_sql::CommandGetDbSchemas,
                 flight_sql::CommandGetTables, flight_sql::CommandGetTableTypes,
                 flight_sql::CommandGetSqlInfo, flight_sql::CommandGetPrimaryKeys,
                 flight_sql::CommandGetExportedKeys, flight_sql::CommandGetImportedKeys,
                 flight_sql::CommandGetCrossReference, flight_sql::CommandGetXdbcTypeInfo>;

// Errors: kInvalidArgument (no command, no text), kUnsupported (a command of Flight SQL that Sumac
// has no answer to; says which).
Result<FlightCommand> ParseFlightCommand(const std::string& bytes);

// Unpacks `bytes`, an Any or, as some clients send it, the message itself. Error kInvalidArgument.
template <typename Message>
Result<Message> UnpackMessage(const std::string& bytes);

// The message in an Any, as bytes.
std::string PackMessage(const google::protobuf::Message& message);

}  // namespace sumac::server
