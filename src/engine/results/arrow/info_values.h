// A table of numbers and values of several types, as Arrow Flight SQL's GetSqlInfo returns it: a
// column `info_name` and a dense union `value`.
// https://arrow.apache.org/docs/format/FlightSql.html
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/results/arrow/ipc_message.h"

namespace sumac::engine {

struct InfoValue {
  uint32_t name = 0;
  std::variant<std::string, bool, int64_t, int32_t, std::vector<std::string>> value;
};

IpcMessage MakeInfoSchema();
IpcMessage MakeInfoBatch(const std::vector<InfoValue>& infos);

}  // namespace sumac::engine
