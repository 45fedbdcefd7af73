// Commands and tickets of Flight.
#include <cstddef>
#include <cstdint>
#include <string>

#include "server/flight/flight_command.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using sumac::server::UnpackMessage;
  namespace flight_sql = sumac::server::flight_sql;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(sumac::server::ParseFlightCommand(bytes).has_value());
  static_cast<void>(
      UnpackMessage<flight_sql::ActionCreatePreparedStatementRequest>(bytes).has_value());
  static_cast<void>(UnpackMessage<flight_sql::CommandPreparedStatementQuery>(bytes).has_value());
  return 0;
}
