// The columns of a result as an Arrow schema. The types are those that ArrowTypeName names.
#pragma once

#include <string>
#include <vector>

#include <duckdb.hpp>

#include "engine/results/arrow/ipc_message.h"
#include "engine/session.h"

namespace sumac::engine {

struct ArrowColumn {
  std::string name;
  duckdb::LogicalType type;
  bool nullable = true;
};

std::vector<ArrowColumn> ArrowColumnsOf(const std::vector<ResultColumn>& columns);

// What values of `type` are cast to before they are written: itself where Arrow has the type, else
// text, inside of nested types as well. No dictionaries are written, so an ENUM becomes text, too.
duckdb::LogicalType ArrowStoredType(const duckdb::LogicalType& type);

IpcMessage MakeSchemaMessage(const std::vector<ArrowColumn>& columns);

}  // namespace sumac::engine
